import type { CfnDashboard } from 'aws-cdk-lib/aws-quicksight';
import type { Chart } from '../../contract/index.ts';

/** A sheet is a grid of so many columns. */
const COLUMNS = 36;

/** How much of the grid each kind of chart takes: numbers stand three in a row, drawings two, tables have a row of their own. */
const SPANS: Readonly<Record<Chart['kind'], { readonly columnSpan: number; readonly rowSpan: number }>> = {
  number: { columnSpan: 12, rowSpan: 6 },
  line: { columnSpan: 18, rowSpan: 12 },
  bars: { columnSpan: 18, rowSpan: 12 },
  heat: { columnSpan: 18, rowSpan: 12 },
  table: { columnSpan: 36, rowSpan: 12 },
};

/** Places charts in their order, row after row; none overlaps another or leaves the grid. */
export function gridOf(
  charts: readonly { readonly id: string; readonly kind: Chart['kind'] }[],
): CfnDashboard.GridLayoutElementProperty[] {
  let [row, column, height] = [0, 0, 0];
  return charts.map(({ id, kind }) => {
    const span = SPANS[kind];
    if (column + span.columnSpan > COLUMNS) {
      row += height;
      [column, height] = [0, 0];
    }
    const element = { elementId: id, elementType: 'VISUAL', columnIndex: column, rowIndex: row, ...span };
    column += span.columnSpan;
    height = Math.max(height, span.rowSpan);
    return element;
  });
}
