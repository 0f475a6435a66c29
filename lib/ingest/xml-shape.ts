import type { ColumnType } from '../contract/index.ts';

/** A column of the contract, and where its value stands in an XML file (see `RecordsIn`). */
export interface XmlColumn {
  readonly name: string;
  /** Null means a child element of the record with the column's own name. */
  readonly path: string | null;
  readonly type: ColumnType;
}

/** An element that is looked at. `ancestor`: the record stands below it; `head`: outside of records; `inside`: in a record. */
export interface XmlNode {
  /** As messages name it: from the root with `/`, inside a record relative to it. */
  readonly path: string;
  readonly part: 'ancestor' | 'record' | 'head' | 'inside';
  readonly elements: Map<string, XmlNode>;
  /** Columns that take its text. */
  readonly text: number[];
  /** Columns that take an attribute, by its name. */
  readonly attributes: Map<string, number[]>;
  /** Of an ancestor: the head columns that begin anew with it. */
  readonly scope: number[];
  /** Of an ancestor: how many records there were when it opened. Of a head: that of its ancestor. */
  readonly opened: { records: number };
}

/** The elements that a dataset's columns want, as a tree whose only element is the root of the document. */
export function xmlShape(record: string, columns: readonly XmlColumn[]): XmlNode {
  const document = node('', 'ancestor', { records: 0 });
  const ancestors = [document];
  const names = record.split('.');
  names.forEach((name, n) => {
    const parent = ancestors.at(-1) ?? document;
    const part = n === names.length - 1 ? 'record' : 'ancestor';
    const path = n === names.length - 1 ? '' : `/${names.slice(0, n + 1).join('.')}`;
    const made = node(path, part, { records: 0 });
    parent.elements.set(name, made);
    ancestors.push(made);
  });
  const root = ancestors.pop() ?? document;
  columns.forEach((column, index) => {
    const path = column.path ?? column.name;
    place(path.startsWith('/') ? document : root, path.replace(/^\//, '').split('.'), index);
  });
  return document;
}

const node = (path: string, part: XmlNode['part'], opened: XmlNode['opened']): XmlNode => ({
  path,
  part,
  elements: new Map(),
  text: [],
  attributes: new Map(),
  scope: [],
  opened,
});

function place(from: XmlNode, names: readonly string[], index: number): void {
  let at = from;
  for (const name of names) {
    if (at.part === 'ancestor') at.scope.push(index);
    if (name.startsWith('@')) {
      const wanted = at.attributes.get(name.slice(1)) ?? [];
      at.attributes.set(name.slice(1), [...wanted, index]);
      return;
    }
    const next = at.elements.get(name) ?? below(at, name);
    at.elements.set(name, next);
    at = next;
  }
  at.text.push(index);
}

function below(parent: XmlNode, name: string): XmlNode {
  const inRecord = parent.part === 'record' || parent.part === 'inside';
  return node(pathOf(parent, name), inRecord ? 'inside' : 'head', parent.opened);
}

/** How messages name an element, an attribute (`@name`) or a stranger below `parent`. */
export function pathOf(parent: XmlNode, name: string): string {
  if (parent.path !== '') return `${parent.path}.${name}`;
  return parent.part === 'ancestor' ? `/${name}` : name;
}
