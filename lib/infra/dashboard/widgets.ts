/** A metric of a widget: namespace, name, dimensions, and how it is drawn. */
export interface Line {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly label: string;
  readonly stat?: 'Sum' | 'Maximum' | 'Average';
}

/** What stands on a dashboard: a text, metrics over time, or what a question to logs answers. */
export type Widget =
  | { readonly kind: 'text'; readonly markdown: string; readonly height?: number }
  | { readonly kind: 'metrics'; readonly title: string; readonly unit?: string; readonly lines: readonly Line[] }
  | { readonly kind: 'logs'; readonly title: string; readonly groups: readonly string[]; readonly query: string }
  | { readonly kind: 'alarms'; readonly title: string; readonly arns: readonly string[] };

/** Widgets side by side, below a heading. */
export interface Row {
  readonly heading: string;
  readonly widgets: readonly Widget[];
}

/** CloudWatch's grid, and how high things are on it. */
const GRID = { columns: 24, heading: 1, widget: 7 } as const;

const drawn = ({ namespace, metric, dimensions, label, stat = 'Sum' }: Line) => [
  namespace,
  metric,
  ...Object.entries(dimensions).flat(),
  { label, stat },
];

function propertiesOf(widget: Widget, region: string): object {
  switch (widget.kind) {
    case 'text':
      return { markdown: widget.markdown };
    case 'alarms':
      return { title: widget.title, alarms: widget.arns };
    case 'logs': {
      const sources = widget.groups.map((group) => `SOURCE '${group}'`);
      return { title: widget.title, region, view: 'table', query: [...sources, widget.query].join(' | ') };
    }
    case 'metrics':
      return {
        title: widget.title,
        region,
        view: 'timeSeries',
        period: 86_400,
        metrics: widget.lines.map(drawn),
        yAxis: { left: { min: 0, ...(widget.unit ? { label: widget.unit, showUnits: false } : {}) } },
      };
  }
}

const TYPES = { text: 'text', alarms: 'alarm', logs: 'log', metrics: 'metric' } as const;

/** A dashboard as CloudWatch takes it: rows below each other, the widgets of each as wide as they are many. */
export function dashboardBody(rows: readonly Row[], region: string): object {
  const widgets: object[] = [];
  let y = 0;
  for (const { heading, widgets: beside } of rows) {
    widgets.push({
      type: 'text',
      x: 0,
      y,
      width: GRID.columns,
      height: GRID.heading,
      properties: { markdown: `## ${heading}` },
    });
    const width = Math.floor(GRID.columns / beside.length);
    const height = Math.max(
      ...beside.map((each) => (each.kind === 'text' ? (each.height ?? GRID.widget) : GRID.widget)),
    );
    for (const [index, widget] of beside.entries())
      widgets.push({
        type: TYPES[widget.kind],
        x: index * width,
        y: y + GRID.heading,
        width,
        height,
        properties: propertiesOf(widget, region),
      });
    y += GRID.heading + height;
  }
  return { start: '-P14D', periodOverride: 'inherit', widgets };
}
