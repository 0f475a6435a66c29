import { athenaTable, featureGroupName } from '../../lib/aws/index.ts';
import type { Athena } from '../../lib/engines/athena.ts';
import { type FeaturePlan, type ModelPlan, type Plan, quoted, type TablePlan } from '../../lib/plan/index.ts';
import { inTurn } from '../shared/in-turn.ts';
import { advanceAll, type Query, type Started } from '../shared/queries.ts';

/** A feature of a record, as Feature Store takes it: everything is text. */
export interface FeatureValue {
  readonly name: string;
  readonly text: string;
}

/** Where features are published. A record put twice is there once: its identifier and event time are its key. */
export interface FeatureStore {
  put(group: string, record: readonly FeatureValue[]): Promise<void>;
}

/** How far a publishing has come. Plain data: a state machine carries it from call to call. */
export interface Publishing {
  readonly run: string;
  readonly queries: readonly Started[];
  /** The feature table whose rows are next, and the page of its answer; null for the first. */
  readonly table: number;
  readonly page: string | null;
  readonly rows: number;
}

/** A feature table. */
type FeatureTable = TablePlan & { readonly feature: FeaturePlan };

const PUTS_AT_ONCE = 16;

/** The feature tables of a plan. */
export const featureTables = (plan: Plan): FeatureTable[] =>
  plan.tables.filter((table): table is FeatureTable => table.feature !== undefined);

const DAY_MS = 86_400_000;

/** Whether a model is trained when the run of a day is done: a weekly one on Sundays, a monthly one on the last day of a month. */
export function isTrainedOn({ trained }: Pick<ModelPlan, 'trained'>, date: string): boolean {
  const day = new Date(`${date}T00:00:00Z`);
  return trained === 'weekly' ? day.getUTCDay() === 0 : new Date(day.getTime() + DAY_MS).getUTCDate() === 1;
}

/** The rows about the newest point in time that a table holds: what is served from then on. */
function newestRows(table: FeatureTable, prefix: string): Query {
  const columns = table.feature.definitions.map(({ name }) => quoted(name, 'athena')).join(', ');
  const time = quoted(table.feature.eventTime, 'athena');
  const from = athenaTable(prefix, table.name);
  const sql = `select ${columns} from ${from} where ${time} = (select max(${time}) from ${from})`;
  return { name: table.name, sql: () => sql };
}

/** A row as a record: what is missing is left out, the point in time is ISO 8601 with milliseconds, as Feature Store wants it. */
export const recordOf = (
  { eventTime }: Pick<FeaturePlan, 'eventTime'>,
  row: Readonly<Record<string, string | null>>,
): FeatureValue[] =>
  Object.entries(row).flatMap(([name, text]) =>
    text === null ? [] : [{ name, text: name === eventTime ? isoTime(text) : text }],
  );

/** `2026-06-30 12:00:00.123456`, as Athena writes it, in Feature Store's spelling. */
const isoTime = (text: string): string =>
  `${text.slice(0, 10)}T${text.slice(11, 19)}.${text.slice(20, 23).padEnd(3, '0')}Z`;

/**
 * Publishes the newest rows of every feature table, a page at a time while `mayGoOn`, and returns. Called again with its own
 * answer until done. A page that is published twice changes nothing.
 */
export async function publishFeatures(
  plan: Plan,
  prefix: string,
  publishing: Publishing,
  ports: { readonly athena: Athena; readonly store: FeatureStore },
  mayGoOn: () => boolean,
): Promise<Publishing & { readonly done: boolean }> {
  const tables = featureTables(plan);
  const queries = tables.map((table) => newestRows(table, prefix));
  const asked = await advanceAll(ports.athena, publishing.run, queries, publishing.queries);
  let { table: index, page, rows } = publishing;
  const standing = () => ({ run: publishing.run, queries: asked.started, table: index, page, rows });
  if (!asked.done) return { ...standing(), done: false };
  while (index < tables.length && mayGoOn()) {
    const table = tables[index];
    const id = asked.started.find((each) => each.name === table?.name)?.id;
    if (table === undefined || id === undefined) throw new Error(`the rows of ${table?.name} were never asked for`);
    const found = await ports.athena.page(id, page);
    const group = featureGroupName(prefix, table.name);
    await inTurn(found.rows, PUTS_AT_ONCE, (row) => ports.store.put(group, recordOf(table.feature, row)));
    rows += found.rows.length;
    page = found.next;
    if (page === null) index += 1;
  }
  return { ...standing(), done: index >= tables.length };
}
