import type { Spoil, TextFormat } from './text-format.ts';
import type { Cells, FileStyle, SampleColumn } from './types.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const BLANK_EVERY = 97;

/** `2026-06-30 12:00:00` as a web server writes it. */
const logTime = (instant: string): string =>
  `${instant.slice(8, 10)}/${MONTHS[Number(instant.slice(5, 7)) - 1]}/${instant.slice(0, 4)}:${instant.slice(11, 19)} +0000`;

/** The combined log format; `note` is not of it. Columns are found by their names. */
export function logFormat(columns: readonly SampleColumn[], style: FileStyle): TextFormat {
  const end = style.crlf ? '\r\n' : '\n';
  const names = columns.map(({ name }) => name);
  const at = (name: string): number => names.indexOf(name);
  const [host, user, time, method, path, protocol] = [
    'host',
    'remote_user',
    'requested_at',
    'method',
    'path',
    'protocol',
  ].map(at);
  const [status, bytes, referrer, agent, seconds] = [
    'status',
    'bytes_sent',
    'referrer',
    'user_agent',
    'request_seconds',
  ].map(at);

  const written = (cells: Cells, spoil: Spoil | null): string => {
    const spoiled = spoil !== null && 'text' in spoil ? spoil : null;
    const word = (place = -1): string => (place === spoiled?.column ? spoiled.text : (cells[place] ?? '-'));
    const when = time !== spoiled?.column && cells[time ?? -1] ? logTime(cells[time ?? -1] ?? '') : word(time);
    const timed = seconds === spoiled?.column || (cells[seconds ?? -1] ?? null) !== null;
    const request = `${word(method)} ${word(path)} ${word(protocol)}`;
    return (
      `${word(host)} - ${word(user)} [${when}] "${request}" ${word(status)} ${word(bytes)}` +
      ` "${word(referrer)}" "${word(agent)}"${timed ? ` ${word(seconds)}` : ''}`
    );
  };
  return {
    head: '',
    tail: '',
    row: (cells, serial) => written(cells, null) + end + (style.blank && serial % BLANK_EVERY === 3 ? end : ''),
    spoiled: (cells, spoil) =>
      (spoil?.how === 'line' ? spoil.change(written(cells, null)) : written(cells, spoil)) + end,
  };
}
