import type { Answer, AnswerColumn, Cell } from './answer.ts';

/** The first difference between two answers. */
export interface Difference {
  /** The row's key, as `id=p1`; empty where the answers differ as a whole. */
  readonly key: string;
  /** The column, or what of the answer differs. */
  readonly column: string;
  readonly expected: Cell;
  readonly found: Cell;
}

/** How two answers are held against each other. */
export interface Terms {
  /** Columns that tell rows apart; with none, or where they do not, rows are told apart by everything exact in them. */
  readonly key: readonly string[];
  /** Whether the order of the rows is part of the answer. */
  readonly ordered: boolean;
}

/** Doubles may differ by this share of the larger one, since engines add them in another order; everything else not at all. */
export const TOLERANCE = 1e-12;

type Row = readonly Cell[];

/** The first difference, or null: columns by name, order and kind, then every row and every value. */
export function compareAnswers(expected: Answer, found: Answer, terms: Terms): Difference | null {
  const whole = (column: string, a: Cell, b: Cell): Difference => ({ key: '', column, expected: a, found: b });
  const [wanted, given] = [expected, found].map(({ columns }) => columns.map(described).join(', '));
  if (wanted !== given) return whole('columns', wanted ?? '', given ?? '');
  const { columns } = expected;
  const key = keyOf(expected, terms.key);
  const labels = labelled(expected.rows, key, columns);
  const others = labelled(found.rows, key, columns);
  const places = new Map(others.map((label, place) => [label, place]));
  for (const [place, row] of expected.rows.entries()) {
    const label = labels[place] ?? '';
    const at = places.get(label);
    const other = at === undefined ? undefined : found.rows[at];
    if (other === undefined)
      return missing(
        row,
        label,
        found.rows.filter((_, index) => !labels.includes(others[index] ?? '')),
        columns,
      );
    const column = columns.findIndex((each, index) => !same(row[index] ?? null, other[index] ?? null, each));
    const [a, b] = [row[column] ?? null, other[column] ?? null];
    if (column >= 0) return { key: label, column: columns[column]?.name ?? '', expected: a, found: b };
    if (terms.ordered && at !== place)
      return { key: label, column: 'place', expected: String(place + 1), found: String((at ?? 0) + 1) };
    places.delete(label);
  }
  const [extra] = places.keys();
  return extra === undefined ? null : { key: extra, column: 'row', expected: 'is not there', found: 'is there' };
}

/** A row that the other answer lacks, held against the row there that is nearest to it and has no match either. */
function missing(row: Row, key: string, strangers: readonly Row[], columns: Answer['columns']): Difference {
  const apart = strangers.map((other) => columns.filter((each, at) => !same(row[at] ?? null, other[at] ?? null, each)));
  const fewest = Math.min(...apart.map(({ length }) => length));
  const nearest = apart.findIndex(({ length }) => length === fewest);
  const first = fewest <= columns.length / 2 ? apart[nearest]?.[0] : undefined;
  const column = first === undefined ? -1 : columns.indexOf(first);
  if (column < 0) return { key, column: 'row', expected: 'is there', found: 'is missing' };
  return {
    key,
    column: columns[column]?.name ?? '',
    expected: row[column] ?? null,
    found: strangers[nearest]?.[column] ?? null,
  };
}

const described = ({ name, kind }: AnswerColumn): string => `${name.toLowerCase()} ${kind}`;

/** The places of the columns that tell rows apart. */
function keyOf({ columns, rows }: Answer, names: readonly string[]): readonly number[] {
  const places = names.map((name) => columns.findIndex((column) => column.name === name));
  const known = places.length > 0 && !places.includes(-1);
  if (known && new Set(rows.map((row) => labelOf(row, places, columns))).size === rows.length) return places;
  return columns.flatMap(({ kind }, place) => (kind === 'double' ? [] : [place]));
}

/** A label for each row; the second of two rows that are alike has another than the first. */
function labelled(rows: readonly Row[], key: readonly number[], columns: Answer['columns']): readonly string[] {
  const seen = new Map<string, number>();
  return rows.map((row) => {
    const label = labelOf(row, key, columns);
    const nth = (seen.get(label) ?? 0) + 1;
    seen.set(label, nth);
    return nth === 1 ? label : `${label} (${nth})`;
  });
}

const labelOf = (row: Row, key: readonly number[], columns: Answer['columns']): string =>
  key.map((place) => `${columns[place]?.name}=${row[place] === null ? 'null' : JSON.stringify(row[place])}`).join(' ');

function same(a: Cell, b: Cell, { kind }: AnswerColumn): boolean {
  if (a === b || a === null || b === null || kind !== 'double') return a === b;
  const [x, y] = [Number(a), Number(b)];
  // What is infinite or no number has one spelling, and is a hair from nothing.
  if (!Number.isFinite(x) || !Number.isFinite(y)) return false;
  return Math.abs(x - y) <= TOLERANCE * Math.max(Math.abs(x), Math.abs(y));
}
