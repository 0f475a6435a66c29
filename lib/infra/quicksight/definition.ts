import type { CfnDashboard } from 'aws-cdk-lib/aws-quicksight';
import type { Sheet } from '../../contract/index.ts';
import { type DashboardPlan, measuresOf, type ShownData } from '../../plan/index.ts';
import { ratioField } from './fields.ts';
import { renderFilter } from './filters.ts';
import { slug, visualId } from './identifiers.ts';
import { gridOf } from './layout.ts';
import { visualOf } from './visuals.ts';

/** What QuickSight takes in one dashboard. */
const LIMITS = {
  sheets: 20,
  visuals: 50,
  dataSets: 50,
  calculatedFields: 500,
  parameters: 200,
  filters: 2000,
} as const;

/** A data set that a dashboard shows. */
interface DataSet {
  readonly data: ShownData;
  readonly arn: string;
}

/** A dashboard, as data, in QuickSight's words. Pure. @throws RangeError where QuickSight would not take it, saying what it has too much of. */
export function dashboardDefinition(
  dashboard: DashboardPlan,
  dataSets: readonly DataSet[],
): CfnDashboard.DashboardVersionDefinitionProperty {
  const { sheets } = dashboard;
  const charts = sheets.flatMap((sheet) => sheet.charts);
  const shown = dataSets.filter(({ data }) => charts.some(({ shows }) => shows === data.name));
  const filters = sheets.flatMap((sheet) => (sheet.filters ?? []).map((filter) => renderFilter(sheet, filter)));
  const definition = {
    dataSetIdentifierDeclarations: shown.map(({ data, arn }) => ({ identifier: data.name, dataSetArn: arn })),
    calculatedFields: calculatedFields(charts),
    parameterDeclarations: filters.flatMap(({ parameter }) => (parameter ? [parameter] : [])),
    filterGroups: filters.map(({ group }) => group),
    sheets: sheets.map((sheet) => renderSheet(sheet, shown)),
  };
  refuseTooMuch(dashboard, {
    sheets: sheets.length,
    visuals: Math.max(...sheets.map((sheet) => sheet.charts.length)),
    dataSets: shown.length,
    calculatedFields: definition.calculatedFields.length,
    parameters: definition.parameterDeclarations.length,
    filters: filters.length,
  });
  refuseTwins(dashboard);
  return definition;
}

function renderSheet(sheet: Sheet<string>, dataSets: readonly DataSet[]): CfnDashboard.SheetDefinitionProperty {
  const filters = (sheet.filters ?? []).map((filter) => renderFilter(sheet, filter));
  const elements = filters.map(({ control }) => ({
    elementId: control.id,
    elementType: control.type,
    columnSpan: 2,
    rowSpan: 1,
  }));
  const places = sheet.charts.map((chart) => ({ id: visualId(sheet, chart), kind: chart.kind }));
  return {
    sheetId: slug(sheet.title),
    name: sheet.title,
    contentType: 'INTERACTIVE',
    visuals: sheet.charts.map((chart) => visualOf(chart, visualId(sheet, chart), dataFor(chart.shows, dataSets))),
    filterControls: filters.flatMap(({ filterControl }) => (filterControl ? [filterControl] : [])),
    parameterControls: filters.flatMap(({ parameterControl }) => (parameterControl ? [parameterControl] : [])),
    layouts: [{ configuration: { gridLayout: { elements: gridOf(places) } } }],
    ...(elements.length > 0 ? { sheetControlLayouts: [{ configuration: { gridLayout: { elements } } }] } : {}),
  };
}

function dataFor(name: string, dataSets: readonly DataSet[]): ShownData {
  const found = dataSets.find(({ data }) => data.name === name);
  if (found) return found.data;
  const known = dataSets.map(({ data }) => data.name).join(', ');
  throw new RangeError(`a chart shows ${name}: expected one of ${known}`);
}

/** Each ratio once, however many charts draw it. */
function calculatedFields(charts: Sheet<string>['charts']): CfnDashboard.CalculatedFieldProperty[] {
  const found = new Map<string, CfnDashboard.CalculatedFieldProperty>();
  for (const chart of charts)
    for (const measure of measuresOf(chart))
      if (measure.kind === 'ratio') {
        const field = ratioField(chart.shows, measure);
        found.set(`${chart.shows} ${field.name}`, field);
      }
  return [...found.values()];
}

function refuseTooMuch({ name }: DashboardPlan, counts: Readonly<Record<keyof typeof LIMITS, number>>): void {
  for (const [what, count] of Object.entries(counts)) {
    const limit = LIMITS[what as keyof typeof LIMITS];
    if (count > limit)
      throw new RangeError(`dashboard.${name}: found ${count} ${what}, expected at most ${limit}; split it in two`);
  }
}

/** Identifiers are made of titles, so no two things of a kind may share one. */
function refuseTwins({ name, sheets }: DashboardPlan): void {
  const ids = [
    ...sheets.map((sheet) => slug(sheet.title)),
    ...sheets.flatMap((sheet) => sheet.charts.map((chart) => `chart ${visualId(sheet, chart)}`)),
    ...sheets.flatMap((sheet) => (sheet.filters ?? []).map(({ title }) => `filter ${slug(`${sheet.title} ${title}`)}`)),
  ];
  const twin = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twin !== undefined)
    throw new RangeError(
      `dashboard.${name}: two sheets, charts or filters are called ${twin}; give each a title of its own`,
    );
}
