import type { Check, CheckOptions, Dataset } from '../contract/index.ts';
import { ContractError } from './contract-error.ts';
import { PROVENANCE, storedColumns } from './ddl.ts';
import type { CheckPlan, EngineName, Measure, Rendered, Statement, TablePlan } from './plan.ts';
import { forEachEngine } from './plan.ts';
import { predicateName, predicateSql, predicateWords } from './predicate.ts';
import { quoted } from './types.ts';

/** Resolves a table named in a check to its qualified name and one-column key. */
export type ResolveKey = (table: string) => { readonly name: string; readonly key: string };

/** Renders a select of the portable core for every engine. */
export type RenderSelect = (text: string, where: string) => Rendered;

const OFFENDERS = 3;
/** How many rows share a key; no column of a contract begins with an underscore. */
const COPIES = '_copies';

interface Context {
  /** The raw dataset of a base table; the table's own name elsewhere. */
  readonly source: string;
  readonly table: Pick<TablePlan, 'name' | 'making' | 'columns' | 'grain'>;
  readonly resolveKey: ResolveKey;
  readonly renderSelect: RenderSelect;
  /** SQL of the row-by-row checks, collected for the one scan. */
  readonly scanned: { readonly alias: string; readonly sql: (engine: EngineName) => string }[];
}

const rows = (count: number): string => `${count} ${count === 1 ? 'row' : 'rows'}`;

const listOf = (names: readonly string[], engine: EngineName): string =>
  names.map((name) => quoted(name, engine)).join(', ');

/** Three rows that break a check, with where they came from, in a stated order. */
function offenders(context: Context, condition: (engine: EngineName) => string): Rendered {
  const { table } = context;
  const columns = storedColumns(table).map((column) => column.name);
  const order = table.grain.length > 0 ? table.grain : PROVENANCE.map((column) => column.name);
  return forEachEngine(
    (engine) =>
      `select ${listOf(columns, engine)} from {{${table.name}}} as t where ${condition(engine)} order by ${listOf(order, engine)} limit ${OFFENDERS}`,
  );
}

/** Three rows that share these columns with another: those of one key together, in an order that even equal keys have. */
function repeats({ table }: Context, key: readonly string[]): Rendered {
  const columns = storedColumns(table).map((column) => column.name);
  const order = [...new Set([...key, ...columns])];
  return forEachEngine((engine) => {
    const counted = `select *, count(*) over (partition by ${listOf(key, engine)}) as ${COPIES} from {{${table.name}}} as t`;
    const sorted = order.map((name) => `${quoted(name, engine)} nulls last`).join(', ');
    return `select ${listOf(columns, engine)} from (${counted}) as c where ${COPIES} > 1 order by ${sorted} limit ${OFFENDERS}`;
  });
}

function scanned(context: Context, of: 'rows' | 'table', sql: (engine: EngineName) => string): Measure {
  const alias = `c${context.scanned.length}`;
  context.scanned.push({ alias, sql });
  return { kind: 'scan', alias, of };
}

const countOf = (condition: string): string => `count(case when ${condition} then 1 end)`;

type Compiled = Pick<CheckPlan, 'name' | 'says' | 'measure' | 'offenders'>;

/** What a check states, without how grave that is. */
function statementOf(check: Check, resolveKey: ResolveKey): Statement {
  switch (check.kind) {
    case 'refers_to': {
      const { name, key } = resolveKey(check.table);
      return { kind: 'refers_to', column: check.column, table: name, key };
    }
    case 'identity':
      return { kind: 'identity' };
    default: {
      const { severity: _, tolerate: __, ...statement } = check;
      return statement;
    }
  }
}

function compileOne(check: Check, context: Context): Compiled {
  const { name: table } = context.table;
  switch (check.kind) {
    case 'between':
    case 'one_of':
    case 'capitals':
    case 'email': {
      const broken = (engine: EngineName) => `not (${predicateSql(check, (name) => quoted(name, engine))})`;
      return {
        name: predicateName(check),
        says: predicateWords(check),
        measure: scanned(context, 'rows', (engine) => countOf(broken(engine))),
        offenders: offenders(context, broken),
      };
    }
    case 'fresh_within': {
      const age = `cast({{as_of}} - interval '${check.days}' day as date)`;
      const says = `the newest ${check.column ?? 'file'} is at most ${check.days} days old`;
      const stale = (newest: string) => `case when ${newest} >= ${age} then 0 else 1 end`;
      const column = check.column;
      if (column !== null) {
        const newest = (engine: EngineName) => `max(cast(${quoted(column, engine)} as date))`;
        return {
          name: `fresh(${column})`,
          says,
          measure: scanned(context, 'table', (engine) => stale(newest(engine))),
          offenders: null,
        };
      }
      const files = `select ${stale('max(arrived_on)')} as failed, 1 as total from {{ops.file}} where dataset = '${context.source}' and status = 'loaded'`;
      return { name: 'fresh', says, measure: { kind: 'query', query: forEachEngine(() => files) }, offenders: null };
    }
    case 'row_count': {
      const { min, max } = check;
      const outside = [min === null ? [] : [`count(*) < ${min}`], max === null ? [] : [`count(*) > ${max}`]].flat();
      return {
        name: 'row_count',
        says: `the table has ${max === null ? `at least ${rows(min ?? 0)}` : `${min} to ${rows(max)}`}`,
        measure: scanned(context, 'table', () => `case when ${outside.join(' or ')} then 1 else 0 end`),
        offenders: null,
      };
    }
    case 'unique': {
      const query = forEachEngine((engine) => {
        const key = listOf(check.columns, engine);
        return `select count(case when ${COPIES} > 1 then 1 end) as failed, count(*) as total from (select ${key}, count(*) as ${COPIES} from {{${table}}} group by ${key}) as g`;
      });
      return {
        name: `unique(${check.columns.join(', ')})`,
        says: `no two rows share ${check.columns.join(', ')}`,
        measure: { kind: 'query', query },
        offenders: repeats(context, check.columns),
      };
    }
    case 'refers_to': {
      const target = context.resolveKey(check.table);
      const column = (engine: EngineName) => `t.${quoted(check.column, engine)}`;
      const key = (engine: EngineName) => `p.${quoted(target.key, engine)}`;
      const orphan = (engine: EngineName) =>
        `${column(engine)} is not null and not exists (select ${key(engine)} from {{${target.name}}} as p where ${key(engine)} = ${column(engine)})`;
      // The key is unique, so the join finds at most one row and multiplies nothing.
      const query = forEachEngine(
        (engine) =>
          `select count(case when ${key(engine)} is null then ${column(engine)} end) as failed, count(${column(engine)}) as total from {{${table}}} as t left join {{${target.name}}} as p on ${key(engine)} = ${column(engine)}`,
      );
      return {
        name: `refers_to(${check.column}, ${target.name})`,
        says: `${check.column} is known in ${target.name}`,
        measure: { kind: 'query', query },
        offenders: offenders(context, orphan),
      };
    }
    case 'identity': {
      const left = context.renderSelect(check.left, `${table} ${check.name} (left)`);
      const right = context.renderSelect(check.right, `${table} ${check.name} (right)`);
      const query = forEachEngine(
        (engine) =>
          `select case when l.total = r.total then 0 else 1 end as failed, 1 as total from (${left[engine]}) as l cross join (${right[engine]}) as r`,
      );
      return { name: check.name, says: check.says, measure: { kind: 'query', query }, offenders: null };
    }
  }
}

/** A check that the load itself counts for. */
interface CountedByLoad extends CheckOptions {
  readonly kind: 'claims' | 'regular';
}

/** The checks that every table of its kind has without asking. */
function implicit(contract: Dataset): (Check | CountedByLoad)[] {
  if (contract.made === 'load') {
    const lenient = Object.values(contract.row).some(({ facts }) => facts.lenient);
    // The load keeps the key of a table; whether one key came with several contents is worth a warning.
    return [
      ...(contract.write.kind === 'keep' ? [] : [{ kind: 'claims' } as const]),
      ...(lenient ? [{ kind: 'regular' } as const] : []),
    ];
  }
  return [{ kind: 'unique', columns: contract.grain, severity: 'blocking' }];
}

const isCountedByLoad = (check: Check | CountedByLoad): check is CountedByLoad =>
  check.kind === 'claims' || check.kind === 'regular';

function countedByLoad(kind: CountedByLoad['kind'], grain: readonly string[]): Compiled {
  if (kind === 'regular')
    return { name: 'regular', says: 'no field is irregular', measure: { kind: 'refusals' }, offenders: null };
  const says = 'no key came with several contents and no version to decide';
  return { name: `one_claim(${grain.join(', ')})`, says, measure: { kind: 'load' }, offenders: null };
}

/** Compiles a table's checks and the one scan that measures those that look at rows one by one. */
export function compileChecks(
  contract: Dataset,
  table: Context['table'],
  resolveKey: ResolveKey,
  renderSelect: RenderSelect,
): Pick<TablePlan, 'checks' | 'scan'> {
  const source = contract.made === 'load' ? (contract.source ?? contract.name) : contract.name;
  const context: Context = { source, table, resolveKey, renderSelect, scanned: [] };
  const checks = [...implicit(contract), ...(contract.checks ?? [])].map((check): CheckPlan => {
    const compiled = isCountedByLoad(check) ? countedByLoad(check.kind, contract.grain) : compileOne(check, context);
    const statement = isCountedByLoad(check) ? ({ kind: 'of_the_load' } as const) : statementOf(check, resolveKey);
    return { ...compiled, statement, severity: check.severity ?? 'warn', tolerate: check.tolerate ?? { rows: 0 } };
  });
  const names = checks.map((check) => check.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw new ContractError(table.name, `check ${twice} is declared twice`, 'keep one of them');
  const scan = forEachEngine((engine) =>
    ['select count(*) as total', ...context.scanned.map(({ alias, sql }) => `${sql(engine)} as ${alias}`)]
      .join(',\n  ')
      .concat(`\nfrom {{${table.name}}}`),
  );
  return { checks, scan: context.scanned.length > 0 ? scan : null };
}
