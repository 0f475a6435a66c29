import type { TablePlan } from '../../plan/index.ts';
import { brokenBy, type Clause, clausesOf, type Dialect, isOfRows, measured } from '../clause.ts';
import { type ContractDocument, worded } from './document.ts';

/** SQL of a suite runs on Spark, where every other table of the lake has its own name. */
const dialectOf = (own: string): Dialect => ({
  engine: 'spark',
  place: (table) => (table === own ? '{batch}' : table),
});

const SEVERITY = { warn: 'warning', fail: 'critical', blocking: 'critical' } as const;

interface Expectation {
  readonly type: string;
  readonly kwargs: Readonly<Record<string, unknown>>;
}

/**
 * A table's promises as an expectation suite of Great Expectations 1.x. Freshness wants a parameter when the suite is run:
 * `days_ago_2`, the day that lies two days back. What looks at other tables is Spark SQL.
 */
export function greatExpectations(table: TablePlan): ContractDocument {
  const { words, leftOut } = worded(clausesOf(table), (clause) => {
    const expectation = builtIn(clause) ?? bySql(clause, table.name);
    const { name, says, severity } = clause;
    return expectation && { ...expectation, description: says, severity: SEVERITY[severity], meta: { clause: name } };
  });
  const suite = { name: table.name, expectations: words, meta: { owner: table.owner, description: table.description } };
  return { file: `${table.name}.json`, text: `${JSON.stringify(suite, null, 2)}\n`, leftOut };
}

/** An expectation of its own kind. All of them pass over null, as the statements do. */
function builtIn({ statement, tolerate }: Clause): Expectation | null {
  if (!('rows' in tolerate) || tolerate.rows > 0) return null;
  switch (statement.kind) {
    case 'present':
      return { type: 'expect_column_values_to_not_be_null', kwargs: { column: statement.column } };
    case 'between':
      return { type: 'expect_column_values_to_be_between', kwargs: { column: statement.column, ...bounds(statement) } };
    case 'one_of':
      return {
        type: 'expect_column_values_to_be_in_set',
        kwargs: { column: statement.column, value_set: statement.values },
      };
    case 'capitals':
      return matching(statement.column, `^[A-Z]{${statement.letters}}(?![\\s\\S])`);
    case 'email':
      return matching(statement.column, '^[^@]+@[^@]+(?![\\s\\S])');
    case 'unique': {
      const [column, ...others] = statement.columns;
      return others.length === 0
        ? { type: 'expect_column_values_to_be_unique', kwargs: { column } }
        : { type: 'expect_compound_columns_to_be_unique', kwargs: { column_list: statement.columns } };
    }
    case 'row_count':
      return { type: 'expect_table_row_count_to_be_between', kwargs: bounds(statement) };
    case 'fresh_within':
      return statement.column === null
        ? null
        : {
            type: 'expect_column_max_to_be_between',
            kwargs: { column: statement.column, min_value: { $PARAMETER: `days_ago_${statement.days}` } },
          };
    default:
      return null;
  }
}

const matching = (column: string, regex: string): Expectation => ({
  type: 'expect_column_values_to_match_regex',
  kwargs: { column, regex },
});

function bounds({ min, max }: { readonly min: number | null; readonly max: number | null }) {
  return { ...(min === null ? {} : { min_value: min }), ...(max === null ? {} : { max_value: max }) };
}

/** A query whose rows are what is wrong. */
function bySql(clause: Clause, own: string): Expectation | null {
  const { statement, tolerate } = clause;
  const query = measured(clause, own, dialectOf(own));
  if (query === null) return null;
  const exact = 'rows' in tolerate && tolerate.rows === 0;
  const most = 'rows' in tolerate ? tolerate.rows : `${tolerate.share} * total`;
  const rows =
    exact && isOfRows(statement)
      ? `select t.* from {batch} as t where ${brokenBy(statement, dialectOf(own))}`
      : `select * from (${query}) as m where failed > ${most}`;
  return { type: 'unexpected_rows_expectation', kwargs: { unexpected_rows_query: rows.replaceAll(/\s*\n\s*/g, ' ') } };
}
