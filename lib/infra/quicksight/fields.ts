import type { CfnDashboard } from 'aws-cdk-lib/aws-quicksight';
import type { Measure, Per } from '../../contract/index.ts';
import type { ShownData } from '../../plan/index.ts';

/** Gives out the fields of one visual, each with an identifier of its own. */
export class Fields {
  readonly #visual: string;
  readonly #data: ShownData;
  #count = 0;

  constructor(visual: string, data: ShownData) {
    this.#visual = visual;
    this.#data = data;
  }

  /** What comes next gets this identifier. */
  #next(): string {
    this.#count += 1;
    return `${this.#visual}-${this.#count}`;
  }

  /** The column as it is: a row of a table shows it. */
  plain(name: string): CfnDashboard.UnaggregatedFieldProperty {
    return { fieldId: this.#next(), column: columnOf(this.#data, name) };
  }

  /** The column as what values are grouped by. */
  dimension(name: string, per: Per = 'day'): CfnDashboard.DimensionFieldProperty {
    const field = { fieldId: this.#next(), column: columnOf(this.#data, name) };
    switch (kindOf(this.#data, name)) {
      case 'date':
      case 'instant':
        return { dateDimensionField: { ...field, dateGranularity: per === 'day' ? 'DAY' : 'MONTH' } };
      case 'integer':
      case 'decimal':
        return { numericalDimensionField: field };
      default:
        return { categoricalDimensionField: field };
    }
  }

  /** The number made of the rows; a ratio has its aggregation in its own calculated field. */
  measure(measure: Measure): CfnDashboard.MeasureFieldProperty {
    const fieldId = this.#next();
    if (measure.kind === 'ratio')
      return {
        numericalMeasureField: {
          fieldId,
          column: columnOf(this.#data, ratioName(measure)),
          formatConfiguration: {
            formatConfiguration: {
              percentageDisplayFormatConfiguration: { decimalPlacesConfiguration: { decimalPlaces: 2 } },
            },
          },
        },
      };
    const simpleNumericalAggregation = AGGREGATIONS[measure.kind];
    const column = columnOf(this.#data, measure.column);
    return { numericalMeasureField: { fieldId, column, aggregationFunction: { simpleNumericalAggregation } } };
  }
}

const AGGREGATIONS = { sum: 'SUM', average: 'AVERAGE', highest: 'MAX' } as const;

const columnOf = ({ name }: ShownData, columnName: string): CfnDashboard.ColumnIdentifierProperty => ({
  dataSetIdentifier: name,
  columnName,
});

const kindOf = ({ columns }: ShownData, name: string) => columns.find((column) => column.name === name)?.type.kind;

type Ratio = Extract<Measure, { readonly kind: 'ratio' }>;

const ratioName = ({ column, over }: Ratio): string => `${column} / ${over}`;

/** The calculated field of a ratio. */
export const ratioField = (dataSetIdentifier: string, ratio: Ratio): CfnDashboard.CalculatedFieldProperty => ({
  dataSetIdentifier,
  name: ratioName(ratio),
  expression: `sum({${ratio.column}}) / sum({${ratio.over}})`,
});

/** The identifier of a dimension or measure: by what a chart is sorted. */
export function fieldIdOf(field: CfnDashboard.DimensionFieldProperty | CfnDashboard.MeasureFieldProperty): string {
  const [only] = Object.values(field) as readonly { readonly fieldId: string }[];
  if (!only) throw new TypeError('a field of no kind: expected one of QuickSight’s');
  return only.fieldId;
}
