import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { DIRT_KINDS, generateSample, type Manifest } from '../../lib/sample/index.ts';
import { contracts } from './judge.ts';
import { contentOf, readRecords } from './naive-read.ts';

const out = mkdtempSync(join(tmpdir(), 'sample-kinds-'));
let manifest: Manifest;
beforeAll(async () => {
  manifest = await generateSample({ out });
});

const CSV = [
  'too_few_fields',
  'too_many_fields',
  'quote_in_field',
  'text_after_quote',
  'open_quote',
  'nul_byte',
  'invalid_utf8',
];
const JSON_VALUES = ['quoted_number', 'wrong_type', 'duplicate_member'];
const JSON_LINES = [...JSON_VALUES, 'broken_json', 'not_an_object', 'nul_byte', 'invalid_utf8'];
const XML = ['malformed_number', 'impossible_time', 'missing_value', 'wrong_type', 'duplicate_member'];
const KEYED = ['missing_key', 'padded_key', 'duplicate_same_file', 'duplicate_other_file', 'superseded'];

/** Kinds planted in the files of a dataset whose names end so. */
const kindsIn = (made: Manifest, dataset: string, ending: RegExp): string[] =>
  Object.entries(made.quarantined).flatMap(([path, kinds]) =>
    path.startsWith(`${dataset}/`) && ending.test(path) ? Object.keys(kinds) : [],
  );

describe('dirt at the default size', () => {
  it('has every kind', () => {
    const planted = new Set(Object.values(manifest.planted).flatMap((kinds) => Object.keys(kinds)));
    for (const kind of [...DIRT_KINDS, ...KEYED]) expect(planted, kind).toContain(kind);
  });

  it.each<[string, string[]]>([
    ['purchase', [...CSV, ...KEYED, 'malformed_number', 'impossible_time', 'missing_value', 'between:amount']],
    [
      'refund',
      [...JSON_LINES, ...KEYED, 'malformed_number', 'impossible_time', 'refers_to:parent_id', 'between:amount'],
    ],
    ['void', [...JSON_LINES, ...KEYED, 'malformed_number', 'impossible_time', 'refers_to:parent_id', 'between:amount']],
    [
      'orders',
      [
        ...CSV,
        ...KEYED,
        'malformed_number',
        'impossible_time',
        'missing_value',
        'between:quantity',
        'refers_to:product_id',
        'refers_to:order_date',
      ],
    ],
    ['reviews', [...CSV, 'malformed_number', 'missing_value', 'out_of_range', 'refers_to:product_id']],
    [
      'shipment_deliveries',
      [...CSV, ...JSON_LINES, ...KEYED, 'impossible_time', 'missing_value', 'refers_to:order_id'],
    ],
    ['dim_products', [...CSV, ...JSON_VALUES, ...KEYED, 'malformed_number', 'missing_value']],
    [
      'card_transaction',
      [...JSON_LINES, ...KEYED, 'malformed_number', 'impossible_time', 'out_of_range', 'between:amount'],
    ],
    ['chargeback', [...JSON_LINES.slice(1), ...KEYED, 'impossible_time', 'refers_to:transaction_id']],
    [
      'risk_event',
      [
        ...JSON_LINES.slice(1),
        ...KEYED,
        'impossible_time',
        'irregular:company_email',
        'irregular:client_credit_rating',
      ],
    ],
    ['mortgage_application', [...JSON_LINES, ...KEYED, 'malformed_number', 'out_of_range', 'between:requested_amount']],
    ['tax_return', [...XML, ...KEYED, 'between:gross_income']],
    ['bank_transaction', [...XML, ...KEYED, 'out_of_range']],
    ['document_field', [...JSON_LINES.slice(1), ...KEYED, 'impossible_time', 'missing_value', 'out_of_range']],
    ['document_line', [...JSON_LINES.slice(1), ...KEYED, 'impossible_time', 'missing_value', 'out_of_range']],
    ['dim_customers', [...CSV, ...KEYED, 'malformed_number', 'missing_value']],
    [
      'web_log',
      [
        'not_combined',
        'nul_byte',
        'invalid_utf8',
        'malformed_number',
        'impossible_time',
        'out_of_range',
        'missing_value',
      ],
    ],
    ['shop_purchase', [...CSV, ...KEYED, 'malformed_number', 'impossible_time', 'out_of_range', 'between:amount']],
    ['dim_dates', [...CSV, ...JSON_LINES, ...KEYED, 'impossible_time', 'malformed_boolean', 'out_of_range']],
  ])('has in %s every kind that its formats allow', (dataset, kinds) => {
    expect(Object.keys(manifest.planted[dataset] ?? {})).toEqual(expect.arrayContaining(kinds));
  });

  it('is in every file, of the kinds that its format allows, when there is much of it', async () => {
    const much = await generateSample({ out, dirt: 1 });
    expect(new Set(kindsIn(much, 'reviews', /parquet$/))).toEqual(new Set(['out_of_range', 'missing_value']));
    expect(kindsIn(much, 'refund', /parquet$/)).toEqual(
      expect.arrayContaining(['missing_key', 'missing_value', 'padded_key']),
    );
    expect(kindsIn(much, 'dim_customers', /2026.*parquet$/)).toContain('malformed_number');
    expect(kindsIn(much, 'dim_products', /[.]json$/)).not.toContain('broken_json');
    for (const { path, status } of much.files)
      if (status === 'loaded') expect(Object.keys(much.quarantined)).toContain(path);
    manifest = await generateSample({ out });
  });

  it('is about the share that was asked for', async () => {
    const { planted } = await generateSample({ out, rows: 20_000, dirt: 0.05 });
    const count = (dataset: string) => Object.values(planted[dataset] ?? {}).reduce((sum, one) => sum + one, 0);
    expect({ purchase: count('purchase'), refund: count('refund'), orders: count('orders') }).toEqual({
      purchase: 1000,
      refund: 120,
      orders: 1000,
    });
    manifest = await generateSample({ out });
  });
});

describe('a kind is what its name says', () => {
  const at = async (kind: string, format: RegExp) => {
    for (const [path, kinds] of Object.entries(manifest.quarantined)) {
      const [record] = kinds[kind] ?? [];
      if (record === undefined || !format.test(path)) continue;
      return { bytes: contentOf(join(out, path)), record: (await readRecords(join(out, path)))[record - 1] };
    }
    throw new Error(`no ${kind}`);
  };

  it('an open quote is the last record of its file, and no quote follows it', async () => {
    for (const [path, kinds] of Object.entries(manifest.quarantined)) {
      if (!kinds.open_quote) continue;
      const file = manifest.files.find((one) => one.path === path);
      expect(kinds.open_quote).toEqual([file?.records]);
      const text = contentOf(join(out, path)).toString('utf8');
      const last = text.slice(text.lastIndexOf('\n') + 1);
      expect(last.split('"').length).toBe(2);
    }
  });

  it('a NUL byte and bad UTF-8 are in the bytes', async () => {
    expect((await at('nul_byte', /csv/)).bytes.includes(0)).toBe(true);
    const { bytes } = await at('invalid_utf8', /./);
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toThrow();
  });

  it('a number in quotes is a string, a number in a Parquet file is not', async () => {
    const { record } = await at('quoted_number', /json/);
    expect(Object.values(record ?? {}).some((value) => typeof value === 'string' && /^[0-9.]+$/.test(value))).toBe(
      true,
    );
    expect((await at('missing_key', /./)).record).toBeDefined();
  });
});

describe('files that refuse nothing', () => {
  it('are a copy per keyed dataset, with the same decompressed bytes', () => {
    const copies = manifest.files.filter(({ status }) => status === 'duplicate');
    const keyed = [...contracts.values()].filter(({ grain }) => grain.length > 0);
    expect(copies.map(({ dataset }) => dataset)).toEqual(keyed.map(({ name }) => name));
    for (const { path } of copies) {
      const original = manifest.files.find(
        (file) => file.status === 'loaded' && path.startsWith(file.path.slice(0, -20).replace(/part.*$/, '')),
      );
      expect(contentOf(join(out, path)).equals(contentOf(join(out, original?.path ?? '')))).toBe(true);
    }
  });

  it('are left alone: unfinished, hidden, of bookkeeping', () => {
    const names = manifest.left_alone
      .filter((path) => path.startsWith('void/'))
      .map((path) => path.split('/').slice(2).join('/'));
    expect(names).toEqual(['part-0003.csv.tmp', '.part-0004.csv', '_SUCCESS', '_temporary/part-0001.csv']);
  });
});
