import type { Chart, Dashboard, Filter, Product, Question, Sheet, Shown } from '../contract/index.ts';
import { columnsNamed, measured, measuresOf } from './charts.ts';
import { ContractError } from './contract-error.ts';
import type { ColumnPlan, DashboardPlan, Plan, QueryPlan, TablePlan } from './plan.ts';

/** What charts can show: a table or a question, with what it reads and its columns. */
interface Showable {
  readonly name: string;
  readonly reads: readonly string[];
  readonly columns: readonly ColumnPlan[];
}

const NUMBERS = ['integer', 'decimal'];
const TIMES = ['date', 'instant'];

/** The name of what a chart shows: `mart.x` for a table, `refund-rate` for a question. */
const nameOf = ({ layer, name }: Shown): string => (layer === undefined ? name : `${layer}.${name}`);

/** The questions whose columns a dashboard declares, by name. @throws ContractError when one is declared in two ways. */
export function declaredQuestions(products: readonly Product[]): ReadonlyMap<string, Question> {
  const found = new Map<string, Question>();
  for (const shown of products.flatMap(({ exposures }) => exposures.flatMap(shownBy))) {
    if (shown.layer !== undefined) continue;
    const before = found.get(shown.name);
    if (before !== undefined && before.row !== shown.row)
      throw new ContractError(shown.name, 'its columns are declared twice', 'declare the question once and import it');
    const naming = Object.entries(shown.row).find(([, { facts }]) => facts.pii === 'direct');
    if (naming) throw new ContractError(shown.name, `answers ${naming[0]}, which names a person`, 'leave it out');
    found.set(shown.name, shown);
  }
  return found;
}

const shownBy = (exposure: Product['exposures'][number]): Shown[] =>
  exposure.kind === 'dashboard'
    ? exposure.sheets.flatMap(({ charts, filters = [] }) => [
        ...charts.map(({ shows }) => shows),
        ...filters.map(({ about }) => about),
      ])
    : [];

/**
 * A dashboard as the plan has it: charts by the names of what they show, and the tables that they read.
 * @throws ContractError naming chart and column where one shows what is not there, adds up what is no number, or shows whom a row is about.
 */
export function compileDashboard(
  declared: Dashboard,
  tables: readonly TablePlan[],
  queries: readonly QueryPlan[],
): DashboardPlan {
  const showables: readonly Showable[] = [
    ...tables.map(({ name, columns }) => ({ name, columns, reads: [name] })),
    ...queries.flatMap(({ name, columns, reads }) => (columns === null ? [] : [{ name, columns, reads }])),
  ];
  const find = (shown: Shown, where: string): Showable => {
    const found = showables.find(({ name }) => name === nameOf(shown));
    if (found) return found;
    const names = [...tables, ...queries].map(({ name }) => name).join(', ');
    throw new ContractError(
      where,
      `shows ${nameOf(shown)}, which is neither table nor saved question`,
      `known: ${names}`,
    );
  };
  const sheets = declared.sheets.map((sheet): Sheet<string> => {
    const where = (title: string) => `dashboard.${declared.name}, sheet ${sheet.title}, ${title}`;
    for (const chart of sheet.charts) judgeChart(chart, find(chart.shows, where(chart.title)), where(chart.title));
    const shown = sheet.charts.map(({ shows }) => nameOf(shows));
    for (const filter of sheet.filters ?? [])
      judgeFilter(filter, find(filter.about, where(filter.title)), shown, where(filter.title));
    return {
      title: sheet.title,
      charts: sheet.charts.map((chart) => ({ ...chart, shows: nameOf(chart.shows) })),
      filters: (sheet.filters ?? []).map((filter) => ({ ...filter, about: nameOf(filter.about) })),
    };
  });
  const used = new Set(sheets.flatMap(({ charts }) => charts.map(({ shows }) => shows)));
  const reads = showables.filter(({ name }) => used.has(name)).flatMap((each) => each.reads);
  return { ...declared, sheets, reads: [...new Set(reads)].sort() };
}

function columnNamed(name: string, { name: shown, columns }: Showable, where: string): ColumnPlan {
  const column = columns.find((each) => each.name === name);
  const known = columns.map((each) => each.name).join(', ');
  if (!column) throw new ContractError(where, `names ${name}, which ${shown} does not have`, `its columns: ${known}`);
  if (column.pii === 'direct')
    throw new ContractError(where, `shows ${shown}.${name}, which names a person`, 'show a number or a class instead');
  if (column.type.kind === 'boolean')
    throw new ContractError(where, `shows ${shown}.${name}, a boolean`, 'say it in words, in a saved question');
  return column;
}

function judgeChart(chart: Chart, showable: Showable, where: string): void {
  for (const name of columnsNamed(chart)) columnNamed(name, showable, where);
  if (chart.kind === 'table' && !chart.columns.includes(chart.first.column))
    throw new ContractError(where, `is ordered by ${chart.first.column}, which it does not show`, 'show it too');
  const wantsNumber = (name: string) => {
    const { type } = columnNamed(name, showable, where);
    if (NUMBERS.includes(type.kind)) return;
    throw new ContractError(where, `adds up ${name}, which is ${type.kind}`, 'measure a number');
  };
  for (const measure of measuresOf(chart)) for (const name of measured(measure)) wantsNumber(name);
}

function judgeFilter({ kind, column }: Filter, showable: Showable, shown: readonly string[], where: string): void {
  const { type } = columnNamed(column, showable, where);
  if (kind === 'since' && !TIMES.includes(type.kind))
    throw new ContractError(where, `begins at ${column}, which is ${type.kind}`, 'name a date or a moment');
  if (kind === 'choice' && type.kind !== 'text')
    throw new ContractError(where, `lets choose of ${column}, which is ${type.kind}`, 'name a text');
  if (!shown.includes(showable.name))
    throw new ContractError(where, `bounds ${showable.name}, of which the sheet has no chart`, 'take it out');
}

/** The dashboards of a plan. */
export const dashboardsOf = (plan: Plan): DashboardPlan[] =>
  plan.exposures.flatMap((exposure) => (exposure.kind === 'dashboard' ? [exposure] : []));

/** What dashboards show: a table by the columns that they name, or a saved question with all of its columns. */
export interface ShownData {
  readonly name: string;
  readonly description: string;
  readonly columns: readonly ColumnPlan[];
  /** Null for a table. */
  readonly query: QueryPlan | null;
}

/** Everything that the dashboards of a plan show, each once, in the order in which it comes. */
export function shownData(plan: Plan): ShownData[] {
  const sheets = dashboardsOf(plan).flatMap((dashboard) => dashboard.sheets);
  const named = new Map<string, Set<string>>();
  const name = (shown: string, columns: readonly string[]) =>
    named.set(shown, new Set([...(named.get(shown) ?? []), ...columns]));
  for (const { charts, filters = [] } of sheets) {
    for (const chart of charts) name(chart.shows, columnsNamed(chart));
    for (const { about, column } of filters) name(about, [column]);
  }
  return [...named].flatMap(([shown, columns]): ShownData[] => {
    const query = plan.queries.find((each) => each.name === shown);
    if (query) return [{ name: shown, description: query.description, columns: query.columns ?? [], query }];
    const table = plan.tables.find((each) => each.name === shown);
    const kept = table?.columns.filter((column) => columns.has(column.name)) ?? [];
    return table ? [{ name: shown, description: table.description, columns: kept, query: null }] : [];
  });
}
