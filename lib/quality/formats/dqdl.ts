import { quoted, type TablePlan } from '../../plan/index.ts';
import { type Clause, clausesOf, type Dialect, measured } from '../clause.ts';
import { type ContractDocument, worded } from './document.ts';

/** Glue runs rules on Spark; `primary` is the table judged, others are handed in under their names with `_` for the dot. */
const dialectOf = (own: string): Dialect => ({
  engine: 'spark',
  place: (table) => (table === own ? 'primary' : table.replace('.', '_')),
});

/**
 * A table's promises as a Glue Data Quality ruleset. A rule type of DQDL is used where it means the same whatever null is
 * taken for; everything else is the plan's own SQL. Freshness counts back from the day of the evaluation.
 */
export function dqdl(table: TablePlan): ContractDocument {
  const { words, leftOut } = worded(clausesOf(table), (clause) => builtIn(clause, table) ?? bySql(clause, table.name));
  return { file: `${table.name}.dqdl`, text: `Rules = [\n  ${words.join(',\n  ')}\n]\n`, leftOut };
}

/** A rule type of DQDL's own, where what it makes of null does not matter. */
function builtIn({ statement, tolerate }: Clause, table: TablePlan): string | null {
  if (!('rows' in tolerate) || tolerate.rows > 0) return null;
  const column = (name: string | null) => table.columns.find((each) => each.name === name && !each.nullable);
  switch (statement.kind) {
    case 'present':
      return `IsComplete ${text(statement.column)}`;
    case 'unique':
      return statement.columns.every(column) ? `IsPrimaryKey ${statement.columns.map(text).join(' ')}` : null;
    case 'row_count':
      return `RowCount ${range(statement.min, statement.max)}`;
    case 'between': {
      const kind = column(statement.column)?.type.kind;
      const exact = statement.min === null || statement.max === null || kind === 'integer';
      return kind && exact ? `ColumnValues ${text(statement.column)} ${range(statement.min, statement.max)}` : null;
    }
    case 'one_of':
      return column(statement.column)
        ? `ColumnValues ${text(statement.column)} in [${statement.values.map(text).join(', ')}]`
        : null;
    default:
      return null;
  }
}

function bySql(clause: Clause, own: string): string | null {
  const { statement, tolerate } = clause;
  if (statement.kind === 'fresh_within' && statement.column !== null) {
    const newest = `max(cast(${quoted(statement.column, 'spark')} as date))`;
    const stale = `case when ${newest} >= date_sub(current_date(), ${statement.days}) then 0 else 1 end`;
    return customSql(`select ${stale} from primary`, '= 0');
  }
  const query = measured(clause, own, dialectOf(own));
  if (query === null) return null;
  if ('rows' in tolerate) return customSql(`select failed from (${query}) as m`, `<= ${tolerate.rows}`);
  const share = 'case when total = 0 then 0 else cast(failed as double) / total end';
  return customSql(`select ${share} from (${query}) as m`, `<= ${tolerate.share}`);
}

const customSql = (query: string, condition: string): string => `CustomSql ${text(query)} ${condition}`;

/** Whole numbers from `min` to `max`; the ends of DQDL's own `between` do not belong to it. */
function range(min: number | null, max: number | null): string {
  if (min === null) return `<= ${max}`;
  return max === null ? `>= ${min}` : `between ${min - 1} and ${max + 1}`;
}

const text = (content: string): string => `"${content.replaceAll(/["\\]/g, '\\$&').replaceAll(/\s*\n\s*/g, ' ')}"`;
