import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Chart, Filter } from '../../lib/contract/index.ts';
import { dashboardDefinition } from '../../lib/infra/quicksight/definition.ts';
import { gridOf } from '../../lib/infra/quicksight/layout.ts';
import type { DashboardPlan, ShownData } from '../../lib/plan/index.ts';

const column = (name: string, type: ShownData['columns'][number]['type']) => ({
  name,
  type,
  nullable: false,
  description: name,
  pii: 'none' as const,
  path: name,
  lenient: false,
});
const DATA: ShownData = {
  name: 'mart.sales',
  description: 'One row per day.',
  query: null,
  columns: [
    column('day', { kind: 'date' }),
    column('town', { kind: 'text' }),
    column('hour', { kind: 'integer' }),
    column('sold', { kind: 'decimal', precision: 12, scale: 2 }),
    column('returned', { kind: 'decimal', precision: 12, scale: 2 }),
  ],
};
const SETS = [{ data: DATA, arn: 'arn:sales' }];
const shows = DATA.name;
const sold = { kind: 'sum', column: 'sold' } as const;
const rate = { kind: 'ratio', column: 'returned', over: 'sold' } as const;

const board = (charts: readonly Chart<string>[], filters: readonly Filter<string>[] = []): DashboardPlan => ({
  name: 'board',
  kind: 'dashboard',
  product: 'shop',
  owner: 'shop',
  description: 'Sales.',
  reads: [],
  sheets: [{ title: 'Sales by day', charts, filters }],
});
/** A definition as CloudFormation will have it, but for the case of its names. */
const rendered = (charts: readonly Chart<string>[], filters: readonly Filter<string>[] = []) =>
  dashboardDefinition(board(charts, filters), SETS);
const only = (chart: Chart<string>) => {
  const [sheet] = rendered([chart]).sheets as { visuals: object[] }[];
  return sheet?.visuals[0];
};
const col = (columnName: string) => ({ dataSetIdentifier: 'mart.sales', columnName });

describe('a chart', () => {
  it('of one number compares its latest day with the one before, where it has a time', () => {
    expect(only({ kind: 'number', title: 'Sold', shows, value: sold, by: 'day', per: 'day' })).toMatchObject({
      kpiVisual: {
        visualId: 'sales-by-day-sold',
        title: { formatText: { plainText: 'Sold' } },
        chartConfiguration: {
          fieldWells: {
            values: [{ numericalMeasureField: { column: col('sold') } }],
            trendGroups: [{ dateDimensionField: { column: col('day'), dateGranularity: 'DAY' } }],
          },
          kpiOptions: { comparison: { comparisonMethod: 'DIFFERENCE' } },
        },
      },
    });
    expect(only({ kind: 'number', title: 'Sold', shows, value: sold, by: null, per: 'day' })).not.toHaveProperty(
      'kpiVisual.chartConfiguration.kpiOptions',
    );
  });

  it('of lines goes along its time, in days or months', () => {
    expect(only({ kind: 'line', title: 'Sold', shows, by: 'day', values: [sold, rate], per: 'month' })).toMatchObject({
      lineChartVisual: {
        chartConfiguration: {
          fieldWells: {
            lineChartAggregatedFieldWells: {
              category: [{ dateDimensionField: { fieldId: 'sales-by-day-sold-1', dateGranularity: 'MONTH' } }],
              values: [
                { numericalMeasureField: { aggregationFunction: { simpleNumericalAggregation: 'SUM' } } },
                { numericalMeasureField: { column: col('returned / sold') } },
              ],
            },
          },
          sortConfiguration: { categorySort: [{ fieldSort: { fieldId: 'sales-by-day-sold-1', direction: 'ASC' } }] },
        },
      },
    });
  });

  it('of bars has the longest first, and no more than it says', () => {
    expect(only({ kind: 'bars', title: 'Towns', shows, by: 'town', values: [sold], most: 7 })).toMatchObject({
      barChartVisual: {
        chartConfiguration: {
          fieldWells: {
            barChartAggregatedFieldWells: { category: [{ categoricalDimensionField: { column: col('town') } }] },
          },
          sortConfiguration: {
            categorySort: [{ fieldSort: { fieldId: 'sales-by-day-towns-2', direction: 'DESC' } }],
            categoryItemsLimit: { itemsLimit: 7, otherCategories: 'EXCLUDE' },
          },
        },
      },
    });
  });

  it('of rows shows its columns in order, the lowest first where it says so', () => {
    const first = { column: 'sold', order: 'lowest' } as const;
    expect(only({ kind: 'table', title: 'All', shows, columns: ['town', 'sold'], first })).toMatchObject({
      tableVisual: {
        chartConfiguration: {
          fieldWells: {
            tableUnaggregatedFieldWells: { values: [{ column: col('town') }, { column: col('sold') }] },
          },
          sortConfiguration: { rowSort: [{ fieldSort: { fieldId: 'sales-by-day-all-2', direction: 'ASC' } }] },
        },
      },
    });
  });

  it('of heat has a field per pair of values; a number may be one of them', () => {
    expect(only({ kind: 'heat', title: 'Hours', shows, rows: 'hour', columns: 'day', value: sold })).toMatchObject({
      heatMapVisual: {
        chartConfiguration: {
          fieldWells: {
            heatMapAggregatedFieldWells: {
              rows: [{ numericalDimensionField: { column: col('hour') } }],
              columns: [{ dateDimensionField: { column: col('day') } }],
            },
          },
        },
      },
    });
  });

  it('of a ratio divides sums, by one calculated field however many charts draw it', () => {
    const number = { kind: 'number', shows, value: rate, by: null, per: 'day' } as const;
    expect(
      rendered([
        { ...number, title: 'A' },
        { ...number, title: 'B' },
      ]).calculatedFields,
    ).toEqual([
      { dataSetIdentifier: 'mart.sales', name: 'returned / sold', expression: 'sum({returned}) / sum({sold})' },
    ]);
  });
});

describe('a filter', () => {
  const chart = { kind: 'number', title: 'Sold', shows, value: sold, by: null, per: 'day' } as const;

  it('of a period bounds the sheet by a parameter that begins so many months ago', () => {
    const { parameterDeclarations, filterGroups, sheets } = rendered(
      [chart],
      [{ kind: 'since', title: 'Sold from', about: shows, column: 'day', months: 3 }],
    );
    expect(parameterDeclarations).toMatchObject([
      {
        dateTimeParameterDeclaration: {
          name: 'SalesByDaySoldFrom',
          defaultValues: { rollingDate: { expression: "addDateTime(-3, 'MM', truncDate('MM', now()))" } },
        },
      },
    ]);
    expect(filterGroups).toMatchObject([
      {
        scopeConfiguration: {
          selectedSheets: { sheetVisualScopingConfigurations: [{ sheetId: 'sales-by-day', scope: 'ALL_VISUALS' }] },
        },
        filters: [{ timeRangeFilter: { column: col('day'), rangeMinimumValue: { parameter: 'SalesByDaySoldFrom' } } }],
      },
    ]);
    expect(sheets).toMatchObject([
      { parameterControls: [{ dateTimePicker: { title: 'Sold from', sourceParameterName: 'SalesByDaySoldFrom' } }] },
    ]);
  });

  it('of a choice begins with all values', () => {
    const { filterGroups, sheets } = rendered(
      [chart],
      [{ kind: 'choice', title: 'Town', about: shows, column: 'town' }],
    );
    const filterId = 'sales-by-day-town-filter';
    expect(filterGroups).toMatchObject([
      {
        filters: [
          {
            categoryFilter: {
              filterId,
              configuration: {
                filterListConfiguration: { matchOperator: 'CONTAINS', selectAllOptions: 'FILTER_ALL_VALUES' },
              },
            },
          },
        ],
      },
    ]);
    expect(sheets).toMatchObject([
      { filterControls: [{ dropdown: { sourceFilterId: filterId, type: 'MULTI_SELECT' } }] },
    ]);
  });
});

describe('a dashboard that QuickSight would not take is refused', () => {
  const chart = { kind: 'number', title: 'Sold', shows, value: sold, by: null, per: 'day' } as const;
  const many = Array.from({ length: 51 }, (_, index) => ({ ...chart, title: `Sold ${index}` }));

  it.each<[string, readonly Chart<string>[], string]>([
    ['too many charts on a sheet', many, 'dashboard.board: found 51 visuals, expected at most 50; split it in two'],
    [
      'two charts of one title',
      [chart, { ...chart }],
      'are called chart sales-by-day-sold; give each a title of its own',
    ],
    [
      'a chart of what it has not',
      [{ ...chart, shows: 'mart.no' }],
      'a chart shows mart.no: expected one of mart.sales',
    ],
  ])('%s', (_, charts, message) => {
    expect(() => rendered([...charts, { ...chart, title: 'one more' }].slice(0, Math.max(charts.length, 2)))).toThrow(
      message,
    );
  });
});

it('charts are placed within the grid, in order, and none over another', () => {
  const kinds = fc.constantFrom('number', 'line', 'bars', 'table', 'heat' as const);
  fc.assert(
    fc.property(fc.array(kinds, { maxLength: 30 }), (placed) => {
      const elements = gridOf(placed.map((kind, index) => ({ id: `chart-${index}`, kind })));
      expect(elements.map(({ elementId }) => elementId)).toEqual(placed.map((_, index) => `chart-${index}`));
      const cells = elements.flatMap(({ rowIndex = 0, columnIndex = 0, rowSpan, columnSpan }) =>
        Array.from({ length: rowSpan * columnSpan }, (_, cell) => {
          const place = [rowIndex + Math.floor(cell / columnSpan), columnIndex + (cell % columnSpan)];
          return place.join();
        }),
      );
      expect(new Set(cells).size).toBe(cells.length);
      for (const { columnIndex = 0, columnSpan } of elements) expect(columnIndex + columnSpan).toBeLessThanOrEqual(36);
    }),
  );
});
