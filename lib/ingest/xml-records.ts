import type { SaxesTagNS } from 'saxes';
import { RefusedFile } from './errors.ts';
import type { ColumnFault, RecordSink } from './record.ts';
import { pathOf, type XmlColumn, type XmlNode, xmlShape } from './xml-shape.ts';

/** Deepest nesting of elements that is read. */
const MAX_XML_DEPTH = 100;

/** How many names of unknown elements and attributes are kept. */
const MAX_EXTRA = 20;

/** What is read, and from where. */
interface XmlTarget {
  readonly path: string;
  readonly record: string;
  readonly namespace: string | null;
  readonly columns: readonly XmlColumn[];
  readonly sink: RecordSink;
}

/**
 * The records of an XML document, from the events of a parser. Values of the head are kept and given to every record
 * below; elements that no column wants are passed over. All faults here are faults of a value; what makes the document
 * as a whole doubtful refuses it.
 */
export class XmlRecords {
  records = 0;
  /** A record is open. */
  inRecord = false;
  /** Names of elements and attributes that no column wants. */
  readonly extra = new Set<string>();
  readonly #target: XmlTarget;
  readonly #open: XmlNode[];
  /** Elements open below one that no column wants. */
  #skipped = 0;
  /** Text so far of the innermost element, where a column wants it. */
  #text = '';
  /** By column: undefined where nothing stood yet. */
  readonly #values: (string | null | undefined)[];
  readonly #faults = new Map<number, ColumnFault>();
  readonly #inRecord: number[];
  /** How deep the way to the records was seen, and the deepest element on it with a stranger in it. */
  #reached = 0;
  #strange = 0;

  constructor(target: XmlTarget) {
    this.#target = target;
    this.#open = [xmlShape(target.record, target.columns)];
    this.#values = new Array(target.columns.length).fill(undefined);
    this.#inRecord = [...target.columns.keys()].filter((n) => !target.columns[n]?.path?.startsWith('/'));
  }

  /** An element opens. */
  begin(tag: SaxesTagNS): void {
    if (this.#open.length + this.#skipped > MAX_XML_DEPTH) {
      throw this.#refused('too_deep', `elements are nested more than ${MAX_XML_DEPTH} deep`);
    }
    const parent = this.#open.at(-1);
    if (this.#skipped > 0 || parent === undefined) {
      this.#skipped += 1;
      return;
    }
    const { namespace } = this.#target;
    const ours = namespace === null || tag.uri === namespace;
    const known = ours ? parent.elements.get(tag.local) : undefined;
    for (const column of parent.text) this.#fault(column, 'element_content', parent.path, 'elements', 'text alone');
    if (known === undefined) {
      if (this.#open.length === 1) throw this.#wrongRoot(tag);
      if (parent.text.length === 0) this.#unknown(pathOf(parent, ours ? tag.local : `{${tag.uri}}${tag.local}`));
      if (parent.part === 'ancestor') this.#strange = Math.max(this.#strange, this.#open.length);
      this.#skipped = 1;
      return;
    }
    this.#open.push(known);
    this.#text = '';
    if (known.part === 'record') {
      this.inRecord = true;
      this.#forget(this.#inRecord);
    } else if (known.part === 'ancestor') {
      this.#reached = Math.max(this.#reached, this.#open.length);
      this.#forget(known.scope);
      known.opened.records = this.records;
    }
    for (const { local, uri, value } of Object.values(tag.attributes)) {
      // Attributes of a namespace (xmlns, xsi:schemaLocation, xml:lang) speak of the document, not of the data.
      if (uri !== '') continue;
      const wanted = known.attributes.get(local);
      if (wanted === undefined) this.#unknown(pathOf(known, `@${local}`));
      else this.#give(known, wanted, `@${local}`, value);
    }
  }

  /** Text inside the innermost element; it may come in pieces. */
  text(piece: string): void {
    if (this.#skipped === 0 && (this.#open.at(-1)?.text.length ?? 0) > 0) this.#text += piece;
  }

  /** The innermost element closes. */
  end(): void {
    if (this.#skipped > 0) {
      this.#skipped -= 1;
      return;
    }
    const closed = this.#open.pop();
    if (closed === undefined) return;
    if (closed.text.length > 0) this.#give(closed, closed.text, null, this.#text);
    this.#text = '';
    if (closed.part === 'record') this.#deliver();
  }

  /** The document is over. */
  finish(): void {
    if (this.records > 0 || this.#strange < this.#reached) return;
    const found = [...this.extra].join(', ');
    throw this.#refused('no_records', `found no element ${this.#target.record}, but others on the way to it: ${found}`);
  }

  #give(node: XmlNode, columns: readonly number[], attribute: string | null, value: string): void {
    const path = attribute === null ? node.path : pathOf(node, attribute);
    if (node.part !== 'record' && node.part !== 'inside' && this.records > node.opened.records) {
      throw this.#refused('late_head', `${path} stands behind records that should carry it; expected it before them`);
    }
    for (const column of columns) {
      if (this.#values[column] !== undefined) this.#fault(column, 'repeated_element', path, 'it twice', 'it once');
      else this.#values[column] = value === '' ? null : value;
    }
  }

  #fault(column: number, code: 'element_content' | 'repeated_element', path: string, found: string, expected: string) {
    if (this.#faults.has(column)) return;
    this.#faults.set(column, {
      column: this.#target.columns[column]?.name ?? '',
      code,
      detail: `found ${found} at ${path}, expected ${expected}`,
      found: (this.#values[column] ?? '').slice(0, 200),
    });
  }

  #deliver(): void {
    this.records += 1;
    this.inRecord = false;
    const values = this.#values.map((value, column) => (this.#faults.has(column) ? null : (value ?? null)));
    if (this.#faults.size === 0) this.#target.sink.record(this.records, values);
    else this.#target.sink.record(this.records, values, this.#inOrder());
  }

  #inOrder(): ColumnFault[] {
    return [...this.#faults].sort(([a], [b]) => a - b).map(([, fault]) => fault);
  }

  #forget(columns: readonly number[]): void {
    for (const column of columns) {
      this.#values[column] = undefined;
      this.#faults.delete(column);
    }
  }

  #unknown(path: string): void {
    if (this.extra.size < MAX_EXTRA) this.extra.add(path);
  }

  #wrongRoot({ local, uri }: SaxesTagNS): RefusedFile {
    const { record, namespace } = this.#target;
    const expected = `${record.split('.')[0]}${namespace === null ? '' : ` of ${namespace}`}`;
    return this.#refused(
      'wrong_root',
      `the root element is ${local}${uri === '' ? '' : ` of ${uri}`}, expected ${expected}`,
    );
  }

  #refused(code: 'too_deep' | 'no_records' | 'late_head' | 'wrong_root', detail: string): RefusedFile {
    return new RefusedFile(code, this.#target.path, detail);
  }
}
