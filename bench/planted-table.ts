import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DuckDb } from '../lib/engines/index.ts';

/** The day on which everything happens and is judged. */
export const DAY = '2026-06-30';

/** Of every thousand rows one breaks each clause, and no row breaks two. */
const EVERY = 1000;

interface Column {
  /** SQL of a value that keeps the contract, of the row number `i`. */
  readonly good: string;
  /** SQL of values that break it, by the clause that they break. */
  readonly bad: Readonly<Record<string, string>>;
}

interface PlantedTable {
  /** Rows for each row that was asked for. */
  readonly share: number;
  readonly columns: Readonly<Record<string, Column>>;
}

const number = (prefix: string, of: string) => `'${prefix}' || lpad(cast(${of} as varchar), 9, '0')`;
const some = (prefix: string, count: number) => ({ good: number(prefix, `hash(i) % ${count}`) });

/** A pair of tables of the contract, and what is wrong with them. Only even rows are good ones: references go there. */
const TABLES: Readonly<Record<string, PlantedTable>> = {
  card_transaction: {
    share: 1,
    columns: {
      transaction_id: {
        good: number('t', 'i'),
        bad: { 'present(transaction_id)': 'null', 'unique(transaction_id)': number('t', 'i + 1') },
      },
      card_id: { ...some('c', 1_000_000), bad: { 'present(card_id)': 'null' } },
      customer_id: { ...some('k', 600_000), bad: { 'present(customer_id)': 'null' } },
      merchant_id: { ...some('m', 20_000), bad: { 'present(merchant_id)': 'null' } },
      merchant_country: {
        good: "['DE', 'FR', 'NL', 'IT', 'ES', 'PL', 'AT', 'US'][1 + cast(hash(i) % 8 as bigint)]",
        bad: { 'present(merchant_country)': 'null', 'rule(merchant_country is 2 capital letters)': "'de'" },
      },
      amount: {
        good: 'cast((hash(i) % 100000) / 100 as decimal(12, 2))',
        bad: { 'present(amount)': 'null', 'at_least(amount)': 'cast(-5 as decimal(12, 2))' },
      },
      timestamp: {
        good: `timestamp '${DAY}' + to_microseconds(cast(hash(i) % 86400000000 as bigint))`,
        bad: { 'present(timestamp)': 'null' },
      },
      kind: {
        good: "case when hash(i) % 20 = 0 then 'refund' else 'purchase' end",
        bad: { 'present(kind)': 'null', 'rule(kind is one of purchase, refund)': "'gift'" },
      },
    },
  },
  chargeback: {
    share: 1 / 10,
    columns: {
      chargeback_id: {
        good: number('b', 'i'),
        bad: { 'present(chargeback_id)': 'null', 'unique(chargeback_id)': number('b', 'i + 1') },
      },
      transaction_id: {
        good: number('t', 'i * 10'),
        bad: {
          'present(transaction_id)': 'null',
          'refers_to(transaction_id, base.card_transaction)': "'nowhere' || i",
        },
      },
      reported_at: {
        good: `timestamp '${DAY}' + to_microseconds(cast(hash(i) % 86400000000 as bigint))`,
        bad: { 'present(reported_at)': 'null' },
      },
      reason: { good: "'fraud'", bad: {} },
    },
  },
};

/** How many rows break each clause, by `base.card_transaction: present(kind)`; clauses that none breaks are left out. */
export const plantedOf = (rows: number): ReadonlyMap<string, number> =>
  new Map(
    Object.entries(TABLES).flatMap(([name, { share, columns }]) =>
      Object.values(columns)
        .flatMap(({ bad }) => Object.keys(bad))
        .map((clause): [string, number] => [`base.${name}: ${clause}`, (rows * share) / EVERY]),
    ),
  );

/** Writes both tables as one Parquet file each, as they would arrive in a raw zone, unless they are there. `rows` is a multiple of ten thousand. */
export async function plantTables(raw: string, rows: number): Promise<void> {
  if (rows % (EVERY * 10) !== 0) throw new Error(`${rows} rows: expected a multiple of ${EVERY * 10}`);
  for (const [name, { share, columns }] of Object.entries(TABLES)) {
    const file = fileOf(raw, name);
    if (existsSync(file)) continue;
    mkdirSync(dirname(file), { recursive: true });
    let at = -1;
    const cells = Object.entries(columns).map(([column, { good, bad }]) => {
      const broken = Object.values(bad).map((value) => {
        at += 2;
        return `when ${at} then ${value}`;
      });
      const value = broken.length > 0 ? `case i % ${EVERY} ${broken.join(' ')} else ${good} end` : good;
      return `${value} as "${column}"`;
    });
    const db = await DuckDb.open();
    await db.run(
      `copy (select ${cells.join(', ')} from range(${rows * share}) as t(i)) to '${file}.tmp' (format parquet)`,
    );
    db.close();
    renameSync(`${file}.tmp`, file);
  }
}

/** Where a table's file lies in the raw zone. */
const fileOf = (raw: string, name: string): string => join(raw, name, `dt=${DAY}`, 'part-0.parquet');
