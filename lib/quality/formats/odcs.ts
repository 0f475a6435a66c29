import { stringify } from 'yaml';
import { type ColumnPlan, sqlType, type TablePlan } from '../../plan/index.ts';
import { type Clause, clausesOf, type Dialect, measured } from '../clause.ts';
import { type ContractDocument, worded } from './document.ts';

/** Where the laptop's lake is, for tools that test a contract on the data itself. */
interface LakePlace {
  readonly database: string;
}

const DIALECT: Dialect = { engine: 'duckdb', place: (table) => table };
const LOGICAL = {
  text: 'string',
  integer: 'integer',
  decimal: 'number',
  date: 'date',
  instant: 'timestamp',
  boolean: 'boolean',
} as const;
const CLASSIFICATION = { none: 'internal', indirect: 'confidential', direct: 'restricted' } as const;
const SEVERITY = { warn: 'warning', fail: 'error', blocking: 'critical' } as const;

/** A table's contract in the Open Data Contract Standard 3.1.0, with the laptop's lake as its server. */
export function odcs(table: TablePlan, { database }: LakePlace): ContractDocument {
  const [schema = '', name = ''] = table.name.split('.');
  const promised = clausesOf(table).filter(({ statement }) => !isStructure(statement, table));
  const ages = worded(promised, (clause) => freshness(clause, name));
  const rules = worded(
    promised.filter(({ statement }) => statement.kind !== 'fresh_within'),
    (clause) => quality(clause, table.name),
  );
  const contract = {
    apiVersion: 'v3.1.0',
    kind: 'DataContract',
    id: table.name,
    name: table.name,
    version: '1.0.0',
    status: 'active',
    dataProduct: table.product,
    description: { purpose: table.description },
    team: { name: table.owner },
    servers: [{ server: 'lake', type: 'duckdb', database, schema }],
    schema: [
      {
        ...{ name, physicalName: name, physicalType: 'table', logicalType: 'object', description: table.description },
        properties: table.columns.map((column) => property(column, table)),
        ...(rules.words.length > 0 ? { quality: rules.words } : {}),
      },
    ],
    ...(ages.words.length > 0 ? { slaProperties: ages.words } : {}),
  };
  return { file: `${table.name}.odcs.yaml`, text: stringify(contract, { lineWidth: 0 }), leftOut: rules.leftOut };
}

/** Whether the schema says it already: a required property, the primary key. */
const isStructure = (statement: Clause['statement'], { grain }: TablePlan): boolean =>
  statement.kind === 'present' || (statement.kind === 'unique' && statement.columns.join() === grain.join());

function property({ name, type, nullable, description, pii }: ColumnPlan, { grain, partition }: TablePlan) {
  const position = grain.indexOf(name) + 1;
  return {
    name,
    logicalType: LOGICAL[type.kind],
    physicalType: sqlType(type, 'duckdb'),
    ...(description === '' ? {} : { description }),
    required: !nullable,
    ...(position > 0 ? { primaryKey: true, primaryKeyPosition: position } : {}),
    ...(partition?.column === name ? { partitioned: true, partitionKeyPosition: 1 } : {}),
    classification: CLASSIFICATION[pii],
  };
}

function freshness({ statement }: Clause, name: string) {
  if (statement.kind !== 'fresh_within') return null;
  const element = statement.column === null ? name : `${name}.${statement.column}`;
  return { property: 'freshness', value: statement.days, unit: 'd', element };
}

function quality(clause: Clause, table: string) {
  const { name, says, severity, statement, tolerate } = clause;
  const common = { name, description: says, severity: SEVERITY[severity] };
  if (statement.kind === 'row_count') return { ...common, metric: 'rowCount', ...range(statement.min, statement.max) };
  const query = measured(clause, table, DIALECT);
  if (query === null) return null;
  const [wanted, most] =
    'rows' in tolerate
      ? ['failed', tolerate.rows]
      : ['case when total = 0 then 0 else cast(failed as double) / total end', tolerate.share];
  return { ...common, type: 'sql', query: `select ${wanted} from (${query}) as m`, mustBeLessOrEqualTo: most };
}

function range(min: number | null, max: number | null) {
  if (min === null) return { mustBeLessOrEqualTo: max };
  return max === null ? { mustBeGreaterOrEqualTo: min } : { mustBeBetween: [min, max] };
}
