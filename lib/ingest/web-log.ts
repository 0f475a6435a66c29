import { RefusedFile } from './errors.ts';
import type { JsonOptions, JsonRead } from './json-lines.ts';
import type { JsonColumn } from './json-shape.ts';
import { readLines } from './lines.ts';
import { RAW_TEXT_BYTES, type RecordSink } from './record.ts';

/** The values of a line of the combined log format, by the names that a contract gives to its columns. */
const FIELDS = [
  'host',
  'identity',
  'remote_user',
  'requested_at',
  'method',
  'path',
  'protocol',
  'status',
  'bytes_sent',
  'referrer',
  'user_agent',
  'request_seconds',
] as const;
type Field = (typeof FIELDS)[number];

const WORD = '([^ ]+)';
const QUOTED = '"([^"\\\\]*(?:\\\\.[^"\\\\]*)*)"';
/** `host identity user [time] "request" status bytes "referrer" "agent"`, and at most the seconds that it took. */
const LINE = new RegExp(
  `^${WORD} ${WORD} ([^[]*[^[ ]) \\[([^\\]]*)\\] ${QUOTED} ${WORD} ${WORD} ${QUOTED} ${QUOTED}(?: ${WORD})?$`,
  's',
);
const REQUEST = /^([^ ]+) ([^ ]+) (HTTP\/[0-9.]+)$/;
const TIME = /^([0-9]{2})\/([A-Z][a-z]{2})\/([0-9]{4}):([0-9:]{8}) ([+-])([0-9]{2})([0-9]{2})$/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * Reads a web server's log in the combined log format, one line a record. `-` and nothing are null. What the server escaped
 * stays as it wrote it. A request that is no HTTP request (a port scan) is kept whole as `path`, without method and protocol.
 * @throws RefusedFile when no column is one of the format's.
 */
export async function readWebLog(
  path: string,
  columns: readonly JsonColumn[],
  options: JsonOptions,
  sink: RecordSink,
): Promise<JsonRead> {
  const places = columns.map((column) => FIELDS.indexOf((column.path ?? column.name) as Field));
  if (places.every((place) => place < 0)) {
    const wanted = columns.map((column) => column.path ?? column.name).join(', ');
    const detail = `a web log has ${FIELDS.join(', ')}; the contract wants ${wanted}`;
    throw new RefusedFile('missing_column', options.path ?? path, detail);
  }
  const read = await readLines(path, options, sink, (number, line) => {
    if (line.includes('\0')) sink.fault(number, 'nul', 'a line holds byte 0', printable(line));
    else {
      const values = valuesOf(line);
      if (values === null) sink.fault(number, 'not_combined', NOT_COMBINED, printable(line));
      else
        sink.record(
          number,
          places.map((place) => values[place] ?? null),
        );
    }
  });
  return { ...read, extra: [] };
}

const NOT_COMBINED =
  'found a line that is not in the combined log format; expected host identity user [time] "request" status bytes "referrer" "agent" and at most the seconds';

const printable = (line: string): string => line.slice(0, RAW_TEXT_BYTES).replaceAll('\0', '␀');

/** The values of a line in the order of `FIELDS`. */
function valuesOf(line: string): (string | null)[] | null {
  const found = LINE.exec(line);
  if (found === null) return null;
  const [, host, identity, user, time = '', request = '', ...rest] = found;
  const [, method, target = request, protocol] = REQUEST.exec(request) ?? [];
  return [host, identity, user, isoTime(time), method, target, protocol, ...rest].map((value) =>
    value === undefined || value === '' || value === '-' ? null : value,
  );
}

/** `10/Oct/2000:13:55:36 -0700` as a time of the grammar; any other text as it is, for the grammar to judge. */
function isoTime(text: string): string {
  const [, day, name = '', year, clock, sign, hours, minutes] = TIME.exec(text) ?? [];
  const month = MONTHS.indexOf(name) + 1;
  if (day === undefined || month === 0) return text;
  const zone = hours === '00' && minutes === '00' ? 'Z' : `${sign}${hours}:${minutes}`;
  return `${year}-${String(month).padStart(2, '0')}-${day}T${clock}${zone}`;
}
