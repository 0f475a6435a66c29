import type { Chart, Measure } from '../contract/index.ts';

/** The columns that a measure is made of. */
export const measured = (measure: Measure): readonly string[] =>
  measure.kind === 'ratio' ? [measure.column, measure.over] : [measure.column];

/** The measures that a chart draws. */
export function measuresOf(chart: Chart<unknown>): readonly Measure[] {
  switch (chart.kind) {
    case 'number':
    case 'heat':
      return [chart.value];
    case 'line':
    case 'bars':
      return chart.values;
    case 'table':
      return [];
  }
}

/** Every column that a chart names, each once. */
export function columnsNamed(chart: Chart<unknown>): string[] {
  const values = measuresOf(chart).flatMap(measured);
  switch (chart.kind) {
    case 'number':
      return [...new Set([...values, ...(chart.by === null ? [] : [chart.by])])];
    case 'line':
    case 'bars':
      return [...new Set([chart.by, ...values])];
    case 'heat':
      return [...new Set([chart.rows, chart.columns, ...values])];
    case 'table':
      return [...new Set([...chart.columns, chart.first.column])];
  }
}
