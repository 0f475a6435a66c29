import type { CfnDashboard } from 'aws-cdk-lib/aws-quicksight';
import type { Chart } from '../../contract/index.ts';
import type { ShownData } from '../../plan/index.ts';
import { Fields, fieldIdOf } from './fields.ts';

type Visual = CfnDashboard.VisualProperty;
type Of<K extends Chart['kind']> = Extract<Chart<string>, { readonly kind: K }>;

/** How each kind of chart is drawn: the one place that knows QuickSight's visuals. */
const RENDER: { readonly [K in Chart['kind']]: (chart: Of<K>, id: string, data: ShownData) => Visual } = {
  number: (chart, id, data) => {
    const fields = new Fields(id, data);
    const values = [fields.measure(chart.value)];
    const trendGroups = chart.by === null ? [] : [fields.dimension(chart.by, chart.per)];
    const comparison = chart.by === null ? {} : { kpiOptions: { comparison: { comparisonMethod: 'DIFFERENCE' } } };
    return {
      kpiVisual: { ...headOf(chart, id), chartConfiguration: { fieldWells: { values, trendGroups }, ...comparison } },
    };
  },

  line: (chart, id, data) => {
    const fields = new Fields(id, data);
    const category = fields.dimension(chart.by, chart.per);
    const values = chart.values.map((value) => fields.measure(value));
    return {
      lineChartVisual: {
        ...headOf(chart, id),
        chartConfiguration: {
          type: 'LINE',
          fieldWells: { lineChartAggregatedFieldWells: { category: [category], values } },
          sortConfiguration: { categorySort: [sortedBy(fieldIdOf(category), 'ASC')] },
        },
      },
    };
  },

  bars: (chart, id, data) => {
    const fields = new Fields(id, data);
    const category = fields.dimension(chart.by);
    const values = chart.values.map((value) => fields.measure(value));
    const [first] = values;
    return {
      barChartVisual: {
        ...headOf(chart, id),
        chartConfiguration: {
          orientation: 'HORIZONTAL',
          barsArrangement: values.length > 1 ? 'STACKED' : 'CLUSTERED',
          fieldWells: { barChartAggregatedFieldWells: { category: [category], values } },
          sortConfiguration: {
            categorySort: first ? [sortedBy(fieldIdOf(first), 'DESC')] : [],
            categoryItemsLimit: { itemsLimit: chart.most, otherCategories: 'EXCLUDE' },
          },
        },
      },
    };
  },

  table: (chart, id, data) => {
    const fields = new Fields(id, data);
    const values = chart.columns.map((column) => fields.plain(column));
    const first = values.find(({ column }) => 'columnName' in column && column.columnName === chart.first.column);
    const direction = chart.first.order === 'highest' ? 'DESC' : 'ASC';
    return {
      tableVisual: {
        ...headOf(chart, id),
        chartConfiguration: {
          fieldWells: { tableUnaggregatedFieldWells: { values } },
          sortConfiguration: { rowSort: first ? [sortedBy(first.fieldId, direction)] : [] },
        },
      },
    };
  },

  heat: (chart, id, data) => {
    const fields = new Fields(id, data);
    const [rows, columns] = [fields.dimension(chart.rows), fields.dimension(chart.columns)];
    return {
      heatMapVisual: {
        ...headOf(chart, id),
        chartConfiguration: {
          fieldWells: {
            heatMapAggregatedFieldWells: { rows: [rows], columns: [columns], values: [fields.measure(chart.value)] },
          },
          sortConfiguration: {
            heatMapRowSort: [sortedBy(fieldIdOf(rows), 'ASC')],
            heatMapColumnSort: [sortedBy(fieldIdOf(columns), 'ASC')],
          },
        },
      },
    };
  },
};

const headOf = ({ title }: Chart<string>, visualId: string) => ({
  visualId,
  title: { visibility: 'VISIBLE', formatText: { plainText: title } },
});

const sortedBy = (fieldId: string, direction: 'ASC' | 'DESC'): CfnDashboard.FieldSortOptionsProperty => ({
  fieldSort: { fieldId, direction },
});

/** A chart as QuickSight's visual. */
export function visualOf<K extends Chart['kind']>(chart: Of<K>, id: string, data: ShownData): Visual {
  const render = RENDER[chart.kind as K];
  return render(chart, id, data);
}
