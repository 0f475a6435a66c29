import { writtenInstant } from './instants.ts';
import type { Spoil, TextFormat } from './text-format.ts';
import type { Cell, Cells, FileStyle, SampleColumn } from './types.ts';

/** Where records stand in an XML file of the sample. */
export interface XmlPlace {
  /** Element names from the root to the record. */
  readonly record: string;
  readonly namespace: string;
}

/** An element to be written: what stands in it, by column. */
interface Element {
  readonly name: string;
  readonly attributes: { readonly name: string; readonly column: number }[];
  text: number | null;
  readonly elements: Element[];
}

const element = (name: string): Element => ({ name, attributes: [], text: null, elements: [] });

function add(into: Element, names: readonly string[], column: number): void {
  const [name = '', ...rest] = names;
  if (name.startsWith('@')) {
    into.attributes.push({ name: name.slice(1), column });
    return;
  }
  const known = into.elements.find((one) => one.name === name);
  const next = known ?? element(name);
  if (!known) into.elements.push(next);
  if (rest.length === 0) next.text = column;
  else add(next, rest, column);
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;').replaceAll('\t', '&#9;');

/** XML: records that share the values of their head stand in one element; when those change, the next one opens. */
export function xmlFormat(columns: readonly SampleColumn[], style: FileStyle, place: XmlPlace): TextFormat {
  const end = style.crlf ? '\r\n' : '\n';
  const instant = writtenInstant(style.instant ?? 'space');
  const way = place.record.split('.');
  const record = element(way.at(-1) ?? '');
  const root = element(way[0] ?? '');
  columns.forEach(({ name, path = name }, column) => {
    if (path.startsWith('/')) add(root, path.slice(1).split('.').slice(1), column);
    else add(record, path.split('.'), column);
  });
  const inHead = columns.map(({ path }) => path?.startsWith('/') ?? false);
  // The sample's heads all stand in the element below the root.
  const scope = root.elements[0] ?? null;
  const inner = scope === null ? way.slice(1, -1) : way.slice(2, -1);
  let open: string | null = null;

  const written = (
    column: number,
    cells: Cells,
    spoil: Spoil | null,
  ): { readonly cell: Cell; readonly raw: string } => {
    const cell = cells[column] ?? null;
    const struck = spoil !== null && 'column' in spoil && spoil.column === column;
    if (struck && spoil.how === 'raw') return { cell: spoil.text, raw: spoil.text };
    const text = struck && spoil.how === 'value' ? spoil.text : cell;
    const form = columns[column]?.type.kind === 'instant' && text === cell && text !== null ? instant(text) : text;
    return { cell: form, raw: form === null ? '' : escaped(form) };
  };

  const tag = (of: Element, cells: Cells, spoil: Spoil | null): { readonly start: string; readonly body: string } => {
    let start = of.name;
    for (const { name, column } of of.attributes) {
      const { cell, raw } = written(column, cells, spoil);
      if (cell !== null) start += ` ${name}="${raw}"`;
    }
    let body = of.text === null ? '' : written(of.text, cells, spoil).raw;
    for (const child of of.elements) body += whole(child, cells, spoil);
    return { start, body };
  };
  const whole = (of: Element, cells: Cells, spoil: Spoil | null): string => {
    const { start, body } = tag(of, cells, spoil);
    const twice = spoil?.how === 'repeated' && of.text === spoil.column;
    if (body === '' && start === of.name && !twice) return '';
    const text = body === '' ? `<${start}/>` : `<${start}>${body}</${of.name}>`;
    return twice ? text + text : text;
  };

  const close = (): string => {
    const was = open;
    open = null;
    if (was === null || scope === null) return '';
    return `${inner
      .map((name) => `</${name}>`)
      .reverse()
      .join('')}</${scope.name}>${end}`;
  };
  const head = (cells: Cells, spoil: Spoil | null): string => {
    if (scope === null) return '';
    const wanted = tag(scope, cells, spoil);
    const key = wanted.start + wanted.body;
    if (key === open) return '';
    const before = close();
    open = key;
    return `${before}<${wanted.start}>${wanted.body}${inner.map((name) => `<${name}>`).join('')}${end}`;
  };
  const row = (cells: Cells, spoil: Spoil | null, note: string): string => {
    const opened = head(cells, spoil);
    const { start, body } = tag(record, cells, spoil);
    const closed = spoil !== null && 'column' in spoil && inHead[spoil.column] ? close() : '';
    return `${opened}<${start}>${body}${note}</${record.name}>${end}${closed}`;
  };
  const sides = scope === null ? inner : [];
  return {
    head: `<?xml version="1.0" encoding="UTF-8"?>${end}<${root.name} xmlns="${place.namespace}">${sides.map((name) => `<${name}>`).join('')}${end}`,
    get tail() {
      return `${close()}${sides
        .map((name) => `</${name}>`)
        .reverse()
        .join('')}</${root.name}>${end}`;
    },
    row: (cells) => row(cells, null, style.note ? '<note>as agreed</note>' : ''),
    spoiled: (cells, spoil) => row(cells, spoil, ''),
  };
}
