import { writtenInstant } from './instants.ts';
import type { Spoil, TextFormat } from './text-format.ts';
import type { Cells, FileStyle, SampleColumn } from './types.ts';
import { NOTES } from './words.ts';

const BLANK_EVERY = 97;

/** JSON lines, or one array of objects (`json`). Numbers keep their digits as they are written. */
export function jsonFormat(columns: readonly SampleColumn[], style: FileStyle): TextFormat {
  const end = style.crlf ? '\r\n' : '\n';
  const instant = writtenInstant(style.instant ?? 'space');
  const order = together(
    columns,
    columns.map((_, place) => (place + (style.turn ?? 0)) % columns.length),
  );
  const groups = columns.map(groupOf);
  const labels = columns.map(({ name, path }) => `${JSON.stringify((path ?? name).split('.').at(-1))}:`);
  // What stands in front of a column's label, and behind the last: members of one group share an object.
  const leads = order.map((at, place) => lead(groups[order[place - 1] ?? -1] ?? '', groups[at] ?? '', place === 0));
  const close = groups[order.at(-1) ?? -1] ? '}' : '';
  const kinds = columns.map(({ type }) => type.kind);

  const value = (at: number, cell: string | null): string => {
    if (cell === null) return 'null';
    const kind = kinds[at];
    if (kind === 'text') return JSON.stringify(cell);
    if (kind === 'instant') return `"${instant(cell)}"`;
    return kind === 'date' ? `"${cell}"` : cell;
  };
  const quotes = (at: number): boolean => kinds[at] === 'text' || kinds[at] === 'instant' || kinds[at] === 'date';

  const clean = (cells: Cells, note: string | null): string => {
    let line = '{';
    for (let place = 0; place < order.length; place++) {
      const at = order[place] ?? 0;
      line += `${leads[place]}${labels[at]}${value(at, cells[at] ?? null)}`;
    }
    return `${line}${close}${note === null ? '' : `,"note":${JSON.stringify(note)}`}}`;
  };

  const planted = (cells: Cells, spoil: Spoil | null): string => {
    if (spoil?.how === 'line') return spoil.change(clean(cells, null));
    const membersOf = (at: number): string[] => {
      const good = labels[at] + value(at, cells[at] ?? null);
      if (spoil === null || !('column' in spoil) || spoil.column !== at) return [good];
      if (spoil.how === 'value' || spoil.how === 'raw') {
        return [labels[at] + (spoil.how === 'value' && quotes(at) ? JSON.stringify(spoil.text) : spoil.text)];
      }
      return spoil.how === 'absent' ? [] : [good, good];
    };
    const parts = [...new Set(order.map((at) => groups[at] || at))].map((part) => {
      if (typeof part === 'number') return membersOf(part).join(',');
      const members = order.filter((at) => groups[at] === part).flatMap(membersOf);
      return `${JSON.stringify(part)}:{${members.join(',')}}`;
    });
    return `{${parts.filter((part) => part !== '').join(',')}}`;
  };

  if (style.format === 'jsonl') {
    const note = (serial: number) => (style.note ? (NOTES[serial % NOTES.length] ?? '') : null);
    const blank = (serial: number) => (style.blank && serial % BLANK_EVERY === 3 ? end : '');
    return {
      head: '',
      tail: '',
      row: (cells, serial) => clean(cells, note(serial)) + end + blank(serial),
      spoiled: (cells, spoil) => planted(cells, spoil) + end,
    };
  }
  let written = 0;
  const element = (text: string): string => (written++ === 0 ? '' : `,${end}`) + text;
  return {
    head: `[${end}`,
    tail: `${end}]${end}`,
    row: (cells) => element(clean(cells, null)),
    spoiled: (cells, spoil) => element(planted(cells, spoil)),
  };
}

/** The member that holds a column's value; empty text where the record itself does. Paths are two members deep at most. */
const groupOf = ({ name, path }: SampleColumn): string => {
  const members = (path ?? name).split('.');
  return members.length > 1 ? (members[0] ?? '') : '';
};

/** An order in which the columns of a group follow the first of them. */
const together = (columns: readonly SampleColumn[], order: readonly number[]): readonly number[] => {
  const groups = columns.map(groupOf);
  return [...new Set(order.map((at) => groups[at] || at))].flatMap((part) =>
    typeof part === 'number' ? [part] : order.filter((at) => groups[at] === part),
  );
};

function lead(before: string, group: string, first: boolean): string {
  if (before === group) return first && group === '' ? '' : ',';
  const open = group === '' ? '' : `${JSON.stringify(group)}:{`;
  return `${before === '' ? '' : '}'}${first ? '' : ','}${open}`;
}
