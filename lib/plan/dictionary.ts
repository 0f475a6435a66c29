import { type Sheet, type Tolerance, typeName, type WritePolicy } from '../contract/index.ts';
import { ancestors, type Dag, descendants } from '../dag/index.ts';
import { PROVENANCE } from './ddl.ts';
import { exposureName, lineageOf } from './lineage.ts';
import { mermaid } from './mermaid.ts';
import type { CheckPlan, ColumnPlan, Plan, QueryPlan, TablePlan } from './plan.ts';

type Cell = string;

/** Text in a Markdown table: one line, no bar of its own. */
const cell = (text: Cell): string => text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').trim();
const code = (text: string): string => `\`${text}\``;

const anchor = (heading: string): string =>
  `#${heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9_\- ]/g, '')
    .replaceAll(' ', '-')}`;
const link = (name: string): string => `[${code(name)}](${anchor(name)})`;

function table(header: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  const line = (cells: readonly Cell[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(header), `|${header.map(() => '---').join('|')}|`, ...rows.map(line), ''];
}

const PII = { none: '', indirect: 'indirect', direct: 'direct' } as const;

const columnRow = (column: Pick<ColumnPlan, 'name' | 'type' | 'nullable' | 'description' | 'pii' | 'path'>): Cell[] => [
  code(column.name),
  typeName(column.type),
  column.nullable ? 'may be empty' : '',
  PII[column.pii],
  `${column.description}${column.path === column.name ? '' : ` (raw: ${code(column.path)})`}`,
];

function policy(write: WritePolicy): string {
  const wins = 'version' in write && write.version !== null ? `; the greater ${code(write.version)} wins a key` : '';
  switch (write.kind) {
    case 'append':
      return `append: facts by key${wins}`;
    case 'merge':
      return `merge: one row per key, newer answers take its place${wins}`;
    case 'replace':
      return 'replace: the whole table anew';
    case 'keep':
      return 'keep: every record is a row, told apart by file and record number';
    case 'merge_fields':
      return 'merge by field: one row per key, each column its latest value';
    case 'history':
      return `history: a row per state; ${listOf(write.type1, code)} as of now, a change of ${listOf(write.type2, code)} begins a row`;
  }
}

const SEVERITY = {
  warn: 'warn: recorded and shown',
  fail: 'fail: published, alerts',
  blocking: 'blocking: the last good version stays',
} as const;

function tolerance(tolerate: Tolerance): string {
  if ('share' in tolerate) return `up to ${Number((tolerate.share * 100).toPrecision(12))} % of the rows`;
  return tolerate.rows === 0 ? 'none' : `up to ${tolerate.rows} ${tolerate.rows === 1 ? 'row' : 'rows'}`;
}

const checkRow = (check: CheckPlan): Cell[] => [
  code(check.name),
  check.says,
  SEVERITY[check.severity],
  tolerance(check.tolerate),
];

const listOf = (names: readonly string[], render: (name: string) => string): string =>
  names.length === 0 ? 'nothing' : names.map(render).join(', ');

/** A name of the lineage: tables and consumers have a place of their own on the page. */
const reference = (plan: Plan) => (name: string) =>
  plan.tables.some((each) => each.name === name) || plan.exposures.some((each) => exposureName(each) === name)
    ? link(name)
    : code(name);

function tableSection(plan: Plan, lineage: Dag<string>, each: TablePlan): string[] {
  const to = reference(plan);
  const read = [
    ...plan.tables.filter(({ reads }) => reads.includes(each.name)).map(({ name }) => name),
    ...plan.exposures.filter(({ reads }) => reads.includes(each.name)).map(exposureName),
  ];
  const { making } = each;
  const direct = making.kind === 'load' ? [`raw.${making.source}`] : each.reads;
  const above = ancestors(lineage, each.name).filter((name) => !direct.includes(name));
  const below = descendants(lineage, each.name).filter((name) => !read.includes(name));
  const facts = [
    `**Owner** ${each.owner}`,
    `**Grain** ${each.grain.length === 0 ? 'none: two equal rows are two rows' : each.grain.map(code).join(', ')}`,
    ...(each.feature
      ? [
          `**Feature group** record identifier ${code(each.feature.recordIdentifier)}, event time ${code(each.feature.eventTime)}`,
        ]
      : []),
    ...(each.partition ? [`**Partition** ${each.partition.transform} of ${code(each.partition.column)}`] : []),
    `**Written by** ${policy(each.write)}`,
    `**Made from** ${making.kind === 'load' && direct.includes(each.name) ? `the files of ${code(`raw/${making.source}`)}` : listOf(direct, to)}${making.kind === 'select' && making.file !== null ? `, by ${code(`sql/${making.file}`)}` : ''}`,
    ...(above.length > 0 ? [`**Fed, further up, by** ${listOf(above, to)}`] : []),
    `**Read by** ${listOf(read, to)}`,
    ...(below.length > 0 ? [`**Reaches, further down,** ${listOf(below, to)}`] : []),
  ];
  const stored = [
    ...each.columns,
    ...(each.making.kind === 'load'
      ? PROVENANCE.map((column) => ({ ...column, pii: 'none' as const, path: column.name }))
      : []),
  ];
  return [
    `### ${each.name}`,
    '',
    each.description,
    '',
    ...facts.map((fact) => `- ${fact}`),
    '',
    ...table(['column', 'type', 'empty', 'personal', 'meaning'], stored.map(columnRow)),
    ...(each.checks.length > 0 ? table(['check', 'says', 'when broken', 'tolerates'], each.checks.map(checkRow)) : []),
    ...rules(each),
  ];
}

/** What sends a record to quarantine. */
function rules({ making, columns }: TablePlan): string[] {
  if (making.kind !== 'load') return [];
  const lenient = columns.filter((column) => column.lenient).map(({ name }) => name);
  const isOfField = ([code]: readonly [string, string]) => lenient.includes(code.split(':')[0] ?? '');
  const faults = Object.entries(making.faults);
  const ofFields =
    lenient.length === 0
      ? []
      : [[lenient.join(), `one of ${lenient.map(code).join(', ')} has another JSON type, or is empty text`] as const];
  return [
    ...when(
      'A record is quarantined when:',
      faults.filter((fault) => !isOfField(fault)),
    ),
    ...when('A field is refused by itself, and the rest of its record counts, when:', [
      ...ofFields,
      ...faults.filter(isOfField),
    ]),
  ];
}

function when(title: string, faults: readonly (readonly [code: string, words: string])[]): string[] {
  const words = [...new Set(faults.map(([, each]) => each))];
  return words.length === 0 ? [] : [title, '', ...words.map((each) => `- ${each}`), ''];
}

const exposureSection = (plan: Plan, exposure: Plan['exposures'][number]): string[] => [
  `### ${exposureName(exposure)}`,
  '',
  exposure.description,
  '',
  `- **Owner** ${exposure.owner}`,
  `- **Reads** ${listOf(exposure.reads, reference(plan))}`,
  ...(exposure.kind === 'dashboard' ? exposure.sheets.map((sheet) => sheetLine(plan, sheet)) : []),
  '',
];

/** A sheet: its charts, and the tables and questions that they show. */
function sheetLine(plan: Plan, { title, charts }: Sheet<string>): string {
  const shown = [...new Set(charts.map(({ shows }) => shows))];
  return `- **${title}** shows ${listOf(shown, reference(plan))}: ${charts.map((chart) => chart.title).join('; ')}`;
}

function productSection(plan: Plan, lineage: Dag<string>, product: Plan['products'][number]): string[] {
  const tables = plan.tables.filter((each) => each.product === product.name);
  const exposures = plan.exposures.filter((each) => each.product === product.name);
  const overview = [
    ...tables.map((each) => [link(each.name), each.description, each.owner]),
    ...exposures.map((each) => [link(exposureName(each)), each.description, each.owner]),
  ];
  return [
    `## ${product.name}`,
    '',
    product.description,
    '',
    ...table(['name', 'what it is', 'owner'], overview),
    ...tables.flatMap((each) => tableSection(plan, lineage, each)),
    ...exposures.flatMap((each) => exposureSection(plan, each)),
  ];
}

const queryRow =
  (plan: Plan) =>
  (query: QueryPlan): Cell[] => [
    code(query.name),
    query.description,
    listOf(query.reads, reference(plan)),
    query.takesAsOf ? 'yes' : '',
  ];

/** The data dictionary as one Markdown page. Pure: the same plan gives the same bytes. */
export function dataDictionary(plan: Plan): string {
  const lineage = lineageOf(plan);
  const lines = [
    '# Data dictionary',
    '',
    '<!-- Generated from the contracts and the SQL. Do not edit: run `npm run docs`. -->',
    '',
    `${plan.products.length} products, ${plan.tables.length} tables, ${plan.exposures.length} consumers, ${plan.queries.length} saved queries.`,
    'Times are UTC without a zone. Money is an exact decimal. *Personal* says whether a value names a person by itself (direct)',
    'or when joined (indirect); such values are masked in findings and alerts.',
    '',
    '## Lineage',
    '',
    '```mermaid',
    mermaid(lineage),
    '```',
    '',
    ...plan.products.flatMap((product) => productSection(plan, lineage, product)),
    '## Saved queries',
    '',
    'Run one by its name: `lakehouse query NAME`.',
    '',
    ...table(['query', 'answers', 'reads', 'depends on the as-of date'], plan.queries.map(queryRow(plan))),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}
