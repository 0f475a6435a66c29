import type { ColumnType } from '../../contract/index.ts';

/** A table of literal rows that probes read. */
export interface ProbeTable {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
  readonly rows: readonly (readonly (string | null)[])[];
}

const text: ColumnType = { kind: 'text' };
const integer: ColumnType = { kind: 'integer' };
const decimal: ColumnType = { kind: 'decimal', precision: 12, scale: 2 };
const date: ColumnType = { kind: 'date' };
const instant: ColumnType = { kind: 'instant' };
const boolean: ColumnType = { kind: 'boolean' };

/** One letter per row: ties in `grp`, null in every column but the key, and the ends of every type. */
const ITEM: ProbeTable = {
  name: 'probe.item',
  columns: [
    { name: 'id', type: text },
    { name: 'grp', type: text },
    { name: 'n', type: integer },
    { name: 'd', type: decimal },
    { name: 's', type: text },
    { name: 'on_day', type: date },
    { name: 'moment', type: instant },
    { name: 'flag', type: boolean },
  ],
  rows: [
    ['a', 'x', '1', '10.00', 'Apple', '2024-01-31', '2024-01-31 10:30:00.000001', 'true'],
    ['b', 'x', '2', '20.50', 'apple', '2024-02-29', '2024-02-29 23:59:59.999999', 'false'],
    ['c', 'x', null, null, null, null, null, null],
    ['d', 'y', '-3', '-0.01', '', '2023-12-31', '2023-12-31 00:00:00', 'true'],
    ['e', 'y', '4', '0.00', '\u{ff21}', '2025-07-01', '2025-07-01 12:00:00', 'false'],
    [
      'f',
      null,
      '9007199254740993',
      '9999999999.99',
      '\u{1f600}e\u0301',
      '9999-12-31',
      '9999-12-31 23:59:59.999999',
      null,
    ],
    ['g', null, '0', '0.05', 'a%_b', '0001-01-01', '0001-01-01 00:00:00.000001', 'true'],
  ],
};

/** Several rows, one or none for an item; one for no item that is known, one for none at all. */
const OTHER: ProbeTable = {
  name: 'probe.other',
  columns: [
    { name: 'key', type: text },
    { name: 'item_id', type: text },
    { name: 'n', type: integer },
  ],
  rows: [
    ['k1', 'a', '1'],
    ['k2', 'a', '5'],
    ['k3', 'b', null],
    ['k4', 'zz', '7'],
    ['k5', null, '8'],
  ],
};

const NONE: ProbeTable = { name: 'probe.none', columns: OTHER.columns, rows: [] };

const SHARE: ProbeTable = {
  name: 'probe.share',
  columns: [
    { name: 'part', type: integer },
    { name: 'whole', type: integer },
  ],
  rows: [
    ['1', '3'],
    ['2', '3'],
    ['1', '32'],
    ['-1', '32'],
    ['-1', '3'],
    ['7', '5'],
    ['0', '0'],
    ['1', null],
    [null, '5'],
    ['1', '-5'],
    ['49994999999999', '100000000000000'],
    ['49995000000000', '100000000000000'],
  ],
};

/** Moments before clocks count from, in a calendar's gap, and where clocks of some place skip or repeat an hour. */
const MOMENT: ProbeTable = {
  name: 'probe.moment',
  columns: [
    { name: 'id', type: text },
    { name: 'at', type: instant },
  ],
  rows: [
    ['a', '1969-12-31 23:59:59.999999'],
    ['b', '1582-10-10 12:00:00'],
    ['c', '1900-02-28 23:30:00.5'],
    ['d', '2024-03-31 02:30:00'],
    ['e', '2024-11-03 01:30:00'],
  ],
};

/** Nearly as much as a text may hold on Redshift: 64,000 bytes. */
export const LONG_TEXT = '\u{1f600}'.repeat(16_000);

const LONG: ProbeTable = {
  name: 'probe.long',
  columns: [{ name: 's', type: text }],
  rows: [[LONG_TEXT], ['a '], ['a']],
};

/** Every table that probes read. */
export const PROBE_TABLES: readonly ProbeTable[] = [ITEM, OTHER, NONE, SHARE, MOMENT, LONG];
