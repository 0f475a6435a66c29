const MARKER = /\{\{([a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)?)\}\}/g;

/** Puts text in place of each `{{name}}` of a template. */
export const fillMarkers = (template: string, fill: (name: string) => string): string =>
  template.replace(MARKER, (_, name: string) => fill(name));

/** The qualified tables that a template names, each once. */
export const tablesIn = (template: string): string[] => [
  ...new Set([...template.matchAll(MARKER)].flatMap(([, name = '']) => (name.includes('.') ? [name] : []))),
];

/** What a template is filled with. */
export interface Binding {
  /** The engine's name of a qualified table; it may be any expression that can stand after `from`. */
  readonly table: (name: string) => string;
  /** `YYYY-MM-DD`; null where there is no as-of date, and a template that wants one is refused. */
  readonly asOf: string | null;
}

/**
 * Fills a template: tables by name, `{{as_of}}` by a date literal.
 * @throws RangeError for an as-of date that is no date, or a marker that cannot be filled.
 */
export function bind(template: string, { table, asOf }: Binding): string {
  if (asOf !== null && !isDay(asOf)) {
    throw new RangeError(`as-of date ${JSON.stringify(asOf)}: expected YYYY-MM-DD`);
  }
  const bound = fillMarkers(template, (name) => {
    if (name !== 'as_of') return table(name);
    if (asOf === null) throw new RangeError('{{as_of}} stands in the SQL but no as-of date is given');
    return `date '${asOf}'`;
  });
  const left = /\{\{.*?\}\}/.exec(bound);
  if (left !== null) throw new RangeError(`${left[0]} is no marker of the plan: expected {{layer.table}} or {{as_of}}`);
  return bound;
}

function isDay(text: string): boolean {
  const day = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : new Date(Number.NaN);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
