import { writtenInstant } from './instants.ts';
import type { Spoil, TextFormat } from './text-format.ts';
import type { Cells, FileStyle, SampleColumn } from './types.ts';
import { NOTES } from './words.ts';

const BLANK_EVERY = 97;
const quoted = (value: string): string => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

/** RFC 4180 with a header, and the habits of a style: order of columns, line ends, byte order mark, a column too many. */
export function csvFormat(columns: readonly SampleColumn[], style: FileStyle): TextFormat {
  const end = style.crlf ? '\r\n' : '\n';
  const order = columns.map((_, place) => (place + (style.turn ?? 0)) % columns.length);
  const names = order.map((at) => columns[at]?.path ?? columns[at]?.name ?? '');
  if (style.note) names.splice(1, 0, 'note');
  const writers = columns.map(({ type }) => {
    if (type.kind === 'instant') return writtenInstant(style.instant ?? 'space');
    return type.kind === 'text' && style.quotes ? quoted : null;
  });

  const row = (cells: Cells, serial: number): string => {
    let line = '';
    for (let place = 0; place < order.length; place++) {
      const at = order[place] ?? 0;
      const cell = cells[at] ?? '';
      const write = writers[at];
      if (place > 0) line += ',';
      line += write && cell !== '' ? write(cell) : cell;
      if (place === 0 && style.note) line += `,${quoted(NOTES[serial % NOTES.length] ?? '')}`;
    }
    return line + (style.blank && serial % BLANK_EVERY === 3 ? end + end : end);
  };

  // Planted records pass through here: any text is quoted as it needs, whatever the style of the file.
  const spoiled = (cells: Cells, spoil: Spoil | null): string => {
    const fields = order.map((at) => {
      const cell = cells[at] ?? '';
      if (spoil !== null && 'column' in spoil && spoil.column === at) {
        if (spoil.how === 'value' || spoil.how === 'raw') return spoil.text;
      }
      if (columns[at]?.type.kind === 'instant' && cell !== '') return writtenInstant(style.instant ?? 'space')(cell);
      return quoted(cell);
    });
    if (style.note) fields.splice(1, 0, 'plain');
    if (spoil?.how === 'too_few') fields.pop();
    if (spoil?.how === 'too_many') fields.push('surplus');
    // A quote that never closes: the last record of its file, so that no later quote can close it.
    if (spoil?.how === 'open_quote') return `${fields.slice(0, -1).join(',')},"${fields.at(-1)?.replaceAll('"', '')}`;
    return fields.join(',') + end;
  };

  return { head: (style.bom ? '\ufeff' : '') + names.join(',') + end, tail: '', row, spoiled };
}
