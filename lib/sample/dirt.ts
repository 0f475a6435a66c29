import { JSON_NUMBERS, NUMBERS, TIMES, WRONG_TYPES } from './dirt-values.ts';
import { BAD_BYTES_MARK, type Spoil } from './text-format.ts';
import type { Cells, FileStyle, SampleColumn, SampleDataset } from './types.ts';

/** Ways in which a record is refused. */
export const DIRT_KINDS = [
  'malformed_number',
  'padded_key',
  'impossible_time',
  'missing_key',
  'missing_value',
  'malformed_boolean',
  'out_of_range',
  'too_few_fields',
  'too_many_fields',
  'quote_in_field',
  'text_after_quote',
  'open_quote',
  'nul_byte',
  'invalid_utf8',
  'quoted_number',
  'wrong_type',
  'duplicate_member',
  'broken_json',
  'not_an_object',
  'not_combined',
] as const;

/** A way in which a record is refused. */
export type DirtKind = (typeof DIRT_KINDS)[number];

/** Makes dirt of one kind: which columns it may strike in a file, and how (`turn` goes through the variants). */
interface Dirt {
  readonly strikes: (column: SampleColumn, isKey: boolean, style: FileStyle) => boolean;
  readonly spoil: (strike: Strike) => Spoil | null;
}

/** Where dirt strikes: a record, one of its columns, the how-many-eth of its kind. */
interface Strike {
  readonly cells: Cells;
  readonly at: number;
  readonly column: SampleColumn;
  readonly json: boolean;
  readonly xml: boolean;
  readonly turn: number;
}

const pick = (from: readonly string[], turn: number): string => from[turn % from.length] ?? '';
const isNumber = ({ type }: SampleColumn): boolean => type.kind === 'integer' || type.kind === 'decimal';
const isTime = ({ type }: SampleColumn): boolean => type.kind === 'date' || type.kind === 'instant';
const isJson = ({ format }: FileStyle): boolean => format === 'json' || format === 'jsonl';
/** What an analysis found has no wrong spelling of its own: only what stands beside it has, and what is missing or uncertain. */
const inMembers = ({ path }: SampleColumn, { format }: FileStyle): boolean =>
  isJson({ format }) || ((format === 'textract' || format === 'rekognition') && !path?.startsWith('$'));
const inElements = ({ path }: SampleColumn, { format }: FileStyle): boolean =>
  format === 'xml' && path?.split('.').at(-1)?.startsWith('@') === false;
const canMiss = ({ path }: SampleColumn): boolean => path !== '$id' && path !== '$page';
const inCsv = (_column: SampleColumn, _isKey: boolean, { format }: FileStyle): boolean => format === 'csv';
const inLines = (column: SampleColumn, _isKey: boolean, style: FileStyle): boolean =>
  style.format !== 'json' && inMembers(column, style);
const inAnyLine = (column: SampleColumn, isKey: boolean, style: FileStyle): boolean =>
  style.format === 'csv' || style.format === 'log' || inLines(column, isKey, style);
const inLog = (_column: SampleColumn, _isKey: boolean, { format }: FileStyle): boolean => format === 'log';
const asText = ({ format, text }: FileStyle): boolean => format !== 'parquet' || text === true;
const canMisspell = (column: SampleColumn, style: FileStyle): boolean => asText(style) && !column.path?.startsWith('$');
const value = ({ at, cells }: Strike): string => cells[at] ?? '0';
/** A record on one line: a broken quote spoils its own line only, so what stands on a second one would be a record more. */
function onOneLine({ cells }: Strike): void {
  for (const [at, cell] of cells.entries()) cells[at] = cell?.replaceAll('\n', ' ') ?? null;
}
const broken =
  (spoil: (strike: Strike) => Spoil) =>
  (strike: Strike): Spoil => {
    onOneLine(strike);
    return spoil(strike);
  };
const whole = (how: 'too_few' | 'too_many' | 'open_quote') => (): Spoil => ({ how });
const raw = ({ at }: Strike, text: string): Spoil => ({ how: 'raw', column: at, text });

function missing({ cells, at, json, turn }: Strike): Spoil | null {
  cells[at] = null;
  return json && turn % 2 === 1 ? { how: 'absent', column: at } : null;
}

function wrongType(strike: Strike): Spoil {
  if (strike.xml) return raw(strike, pick(['<b/>', '12<b>.50</b>', '<b>x</b>'], strike.turn));
  const { kind } = strike.column.type;
  const values = isNumber(strike.column)
    ? WRONG_TYPES.number
    : kind === 'boolean'
      ? WRONG_TYPES.boolean
      : WRONG_TYPES.text;
  return raw(strike, pick(values, strike.turn));
}

/** Ways in which a line of a log is damaged: cut, in another format, with a field too many. */
const LOG_DAMAGE: readonly ((line: string) => string)[] = [
  (line) => line.slice(0, line.length / 2),
  (line) => line.replace(' [', ' (').replace('] ', ') '),
  (line) => `${line} 1 2`,
  () => '{"message":"started"}',
];

/** All kinds of dirt. Where a column matters, what is written there is a fault by itself, whatever else the record says. */
export const DIRT: Readonly<Record<DirtKind, Dirt>> = {
  malformed_number: {
    strikes: (column, _isKey, style) => isNumber(column) && canMisspell(column, style),
    spoil: ({ column, at, json, turn }) => {
      const kind = column.type.kind === 'integer' ? 'integer' : 'decimal';
      return { how: 'value', column: at, text: pick((json ? JSON_NUMBERS : NUMBERS)[kind], turn) };
    },
  },
  padded_key: {
    strikes: (column, isKey, style) => isKey && (column.type.kind === 'text' || (!isJson(style) && asText(style))),
    spoil: (strike) => {
      const key = value(strike);
      return { how: 'value', column: strike.at, text: pick([` ${key}`, `${key} `, `${key}\t`], strike.turn) };
    },
  },
  impossible_time: {
    strikes: (column, _isKey, style) => isTime(column) && asText(style),
    spoil: ({ column, at, turn }) => ({
      how: 'value',
      column: at,
      text: pick(column.type.kind === 'date' ? TIMES.date : TIMES.instant, turn),
    }),
  },
  missing_key: { strikes: (_column, isKey) => isKey, spoil: missing },
  missing_value: { strikes: (column, isKey) => !column.nullable && !isKey && canMiss(column), spoil: missing },
  malformed_boolean: {
    strikes: (column, _isKey, style) => column.type.kind === 'boolean' && style.format === 'csv',
    spoil: ({ at, turn }) => ({ how: 'value', column: at, text: pick(['TRUE', 'yes', '1', 'f'], turn) }),
  },
  out_of_range: {
    strikes: ({ outside }) => outside !== undefined,
    spoil: ({ cells, at, column, turn }) => {
      cells[at] = pick(column.outside ?? [], turn);
      return null;
    },
  },
  too_few_fields: { strikes: inCsv, spoil: whole('too_few') },
  too_many_fields: { strikes: inCsv, spoil: whole('too_many') },
  quote_in_field: {
    strikes: inCsv,
    spoil: broken((strike) => raw(strike, `${value(strike).replaceAll(/[",]/g, '')}0"x`)),
  },
  text_after_quote: {
    strikes: inCsv,
    spoil: broken((strike) => raw(strike, `"${value(strike).replaceAll(/[",]/g, '')}"x`)),
  },
  open_quote: { strikes: inCsv, spoil: broken(whole('open_quote')) },
  nul_byte: {
    strikes: inAnyLine,
    spoil: (strike) => raw(strike, strike.json ? `"${strike.turn}\0"` : `${strike.turn}\0`),
  },
  invalid_utf8: {
    strikes: inAnyLine,
    spoil: (strike) => raw(strike, strike.json ? `"a${BAD_BYTES_MARK}z"` : `a${BAD_BYTES_MARK}z`),
  },
  quoted_number: {
    strikes: (column, _isKey, style) => isNumber(column) && isJson(style),
    spoil: (strike) => raw(strike, `"${value(strike)}"`),
  },
  wrong_type: {
    strikes: (column, _isKey, style) => inMembers(column, style) || inElements(column, style),
    spoil: wrongType,
  },
  duplicate_member: {
    strikes: (column, _isKey, style) => inMembers(column, style) || inElements(column, style),
    spoil: ({ at }) => ({ how: 'repeated', column: at }),
  },
  broken_json: {
    strikes: inLines,
    spoil: ({ turn }) => ({
      how: 'line',
      change: (line) => (turn % 2 === 0 ? line.slice(0, (line.length * 2) / 3) : line.replace(/}$/, ',}')),
    }),
  },
  not_an_object: {
    strikes: inLines,
    spoil: ({ turn }) => ({ how: 'line', change: () => pick(['42', '["x"]', '"text"', 'true'], turn) }),
  },
  not_combined: {
    strikes: inLog,
    spoil: ({ turn }) => ({ how: 'line', change: (line) => LOG_DAMAGE[turn % LOG_DAMAGE.length]?.(line) ?? '' }),
  },
};

/** The columns that dirt of a kind may strike in a file; none when the file cannot hold it. */
export const struckColumns = (kind: DirtKind, { columns, key }: SampleDataset, style: FileStyle): readonly number[] =>
  columns.flatMap((column, at) =>
    DIRT[kind].strikes(column, at === key, style) && !(column.irregular && OF_VALUES.has(kind)) ? [at] : [],
  );

/** Kinds that spoil a value: of a column that may be irregular they do not spoil the record. */
const OF_VALUES: ReadonlySet<DirtKind> = new Set([
  'malformed_number',
  'impossible_time',
  'malformed_boolean',
  'out_of_range',
  'quoted_number',
  'wrong_type',
]);

/** What may be written in a column so that it is refused by itself; nothing where the column or the file has no such values. */
export const irregularValues = ({ columns }: SampleDataset, at: number, style: FileStyle): readonly string[] =>
  (isJson(style) ? columns[at]?.irregular?.json : columns[at]?.irregular?.csv) ?? [];
