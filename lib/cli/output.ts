import { once } from 'node:events';
import pc from 'picocolors';
import width from 'string-width';
import type { Row, Value } from '../engines/engine.ts';
import type { Environment } from './environment.ts';
import { toCell, toJson, toText } from './values.ts';
import { visible, visibleJson, visibleLines } from './visible.ts';

/** How data is printed on stdout. */
export const FORMATS = ['table', 'json', 'ndjson', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

/** Options that every command has. */
export interface CommonOptions {
  readonly format: Format;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** Rows of a result with their columns in order; numbers stand on the right in a table. */
export interface Rows {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** Rows that a terminal shows; the other formats give all. */
const SHOWN = 1000;

/**
 * Data goes to stdout in the chosen format, words to stderr; a pipe gets no colours. Only CSV has control characters as they
 * are: elsewhere what came from raw data cannot speak to the terminal.
 */
export class Output {
  readonly format: Format;
  readonly colors: ReturnType<typeof pc.createColors>;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly #environment: Environment;
  /** Aborted when nobody reads the data any more: the rest of it is dropped, the work goes on. */
  readonly #unread = new AbortController();

  constructor(environment: Environment, options: CommonOptions) {
    const { NO_COLOR: no, FORCE_COLOR: force } = environment.variables;
    this.format = options.format;
    this.quiet = options.quiet ?? false;
    this.verbose = options.verbose ?? false;
    this.colors = pc.createColors(!no && (Boolean(force) || (environment.stdout.isTTY && environment.stderr.isTTY)));
    this.#environment = environment;
    for (const end of ['error', 'close']) environment.stdout.once(end, () => this.#unread.abort());
  }

  /** Whether words may be rewritten in place: a person is looking at a terminal. */
  get live(): boolean {
    return !this.quiet && this.#environment.stderr.isTTY === true && !this.#environment.variables.CI;
  }

  /** A line of data. */
  line(text = ''): void {
    this.#data(`${text}\n`);
  }

  /** A line of words; nothing when quiet. */
  note(text: string): void {
    if (!this.quiet) this.alarm(text);
  }

  /** A line of words that even `-q` does not silence: somebody must see it. */
  alarm(text: string): void {
    this.#environment.stderr.write(`${this.#visible(text)}\n`);
  }

  /** Writes the live line anew, or clears it; nothing where nobody looks at a terminal. */
  rewrite(text = ''): void {
    if (this.live) this.#environment.stderr.write(`\r\u001b[2K${this.#visible(text)}`);
  }

  /** Prints rows in the chosen format as they come, and takes no more while stdout does not, or nobody reads: a large result is never held. */
  async stream(columns: readonly string[], batches: AsyncIterable<readonly Row[]>): Promise<void> {
    if (this.format === 'table') return this.#streamTable(columns, batches);
    const lines = linesOf(this.format, columns);
    if (lines.first !== null) this.line(lines.first);
    let count = 0;
    for await (const batch of batches) {
      const text = batch.map((row) => lines.row(row, count++)).join('');
      if (!this.#data(text)) await this.#drained();
      if (this.#unread.signal.aborted) return;
    }
    const last = lines.last(count);
    if (last !== null) this.line(last);
  }

  async #streamTable(columns: readonly string[], batches: AsyncIterable<readonly Row[]>): Promise<void> {
    const rows: Row[] = [];
    let count = 0;
    for await (const batch of batches) {
      count += batch.length;
      rows.push(...batch.slice(0, SHOWN - rows.length));
    }
    this.line(this.table({ columns, rows }));
    if (count > SHOWN) this.note(`the first ${SHOWN} of ${count} rows; --format csv gives all`);
  }

  /** Prints rows in the chosen format. */
  rows(data: Rows): void {
    if (this.format === 'table') {
      this.line(this.table(data));
      if (data.rows.length > SHOWN) this.note(`the first ${SHOWN} of ${data.rows.length} rows; --format csv gives all`);
      return;
    }
    // Row by row: one text of all rows would not fit a string.
    const lines = linesOf(this.format, data.columns);
    if (lines.first !== null) this.line(lines.first);
    for (const [at, row] of data.rows.entries()) this.#data(lines.row(row, at));
    const last = lines.last(data.rows.length);
    if (last !== null) this.line(last);
  }

  /** @returns whether more is taken at once. */
  #data(text: string): boolean {
    return text === '' || this.#unread.signal.aborted || this.#environment.stdout.write(this.#shown(text));
  }

  #shown(text: string): string {
    if (this.format === 'csv') return text;
    return this.format === 'table' ? this.#visible(text) : visibleJson(text);
  }

  #visible(text: string): string {
    return visibleLines(text, this.colors.isColorSupported);
  }

  async #drained(): Promise<void> {
    const { signal } = this.#unread;
    await once(this.#environment.stdout, 'drain', { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }

  /** Rows as an aligned table. */
  table({ columns, rows }: Rows): string {
    const shown = rows.slice(0, SHOWN);
    const cells = shown.map((row) => columns.map((column) => cell(toText(row[column]))));
    const heads = columns.map(cell);
    const isNumber = columns.map(
      (column) => shown.every((row) => numeric(row[column])) && shown.some((row) => row[column] !== null),
    );
    const widths = heads.map((head, index) => Math.max(width(head), ...cells.map((row) => width(row[index] ?? ''))));
    const lay = (texts: readonly string[]) =>
      texts
        .map((text, index) => {
          const gap = ' '.repeat(Math.max(0, (widths[index] ?? 0) - width(text)));
          return isNumber[index] ? gap + text : text + gap;
        })
        .join('  ')
        .trimEnd();
    const rule = widths.map((each) => '─'.repeat(each)).join('  ');
    return [this.colors.bold(lay(heads)), this.colors.dim(rule), ...cells.map(lay)].join('\n');
  }
}

/** Text that stays in its cell. */
const cell = (text: string): string => visible(text.replaceAll(/[\r\n\t]/g, ' '));

/** Rows as lines of a format, each with its line end, and what stands before and after them. */
interface Lines {
  readonly first: string | null;
  readonly row: (row: Row, at: number) => string;
  readonly last: (rows: number) => string | null;
}

function linesOf(format: Exclude<Format, 'table'>, columns: readonly string[]): Lines {
  switch (format) {
    case 'json':
      return {
        first: null,
        row: (row, at) => `${at === 0 ? '[' : ','}\n  ${record(columns, row)}`,
        last: (rows) => (rows === 0 ? '[]' : '\n]'),
      };
    case 'ndjson':
      return { first: null, row: (row) => `${record(columns, row)}\n`, last: () => null };
    case 'csv':
      return {
        first: columns.map(toCell).join(','),
        row: (row) => `${columns.map((column) => toCell(row[column])).join(',')}\n`,
        last: () => null,
      };
  }
}

const record = (columns: readonly string[], row: Row): string =>
  `{${columns.map((column) => `${JSON.stringify(column)}:${toJson(row[column])}`).join(',')}}`;

const numeric = (value: Value | undefined): boolean =>
  value === null ||
  typeof value === 'number' ||
  typeof value === 'bigint' ||
  (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value));
