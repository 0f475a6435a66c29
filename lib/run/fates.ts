import { countOf, type DuckDb, rowOf } from '../engines/index.ts';
import { type Claims, quoted } from '../plan/index.ts';
import { quote } from './ledger.ts';
import { type RefusedFields, refusedFields } from './refused.ts';
import type { LoadedTable } from './staging-tables.ts';

/** What became of the records of one load. `read` is the sum of the other four: the law, checked on every load. */
export interface Fates {
  readonly read: number;
  readonly accepted: number;
  /** Same key and content as the row that stands. */
  readonly duplicate: number;
  /** Same key, but another record stands. */
  readonly superseded: number;
  readonly quarantined: number;
}

/** A load whose fates are settled, ready to be published. All relations are temporary. */
export interface Settled {
  readonly fates: Fates;
  /** Rows to add: the contract's columns and provenance. */
  readonly incoming: string;
  /** Keys of stored rows that a newcomer beats; null where there can be none. */
  readonly beaten: string | null;
  /** Losers by file and record: `_raw_file`, `_record`, `fate`; null where there are none. */
  readonly discarded: string | null;
  /** Fields refused by themselves in records that count. */
  readonly refusals: RefusedFields;
  /** Stored rows that a newcomer beats. */
  readonly replaced: number;
  /**
   * Keys that came with several contents: `undecided` has the records that lost at the version that stands (`key`, `file`,
   * `record`), `decided` the keys (`key`) whose stored row has an earlier version by now. Null where no key has rivals.
   */
  readonly contests: { readonly undecided: string; readonly decided: string } | null;
  /** The temporary tables behind it, to be dropped at the end. */
  readonly drop: readonly string[];
}

/** Records to settle, as relations: see `Staging`. */
export interface Records {
  readonly table: LoadedTable;
  /** Records that could be split: the contract's columns, provenance, `_faults`, `_raw`. */
  readonly relation: string;
  /** Records that could not: `_raw_file`, `_record`, `code`, `detail`, `_raw`. */
  readonly broken: string;
  /** Fields refused by themselves in records that count: `_raw_file`, `_record`, `code`, `value`; null where no column is lenient. */
  readonly refused: string | null;
  /** Takes the good records with these keys (a table of contested ones) out of `relation` and returns the relation that has them now. */
  readonly setAside: (contested: string) => Promise<string>;
}

/** A load broke the law: records were lost or invented. Nothing is published. */
export class LawBrokenError extends Error {
  constructor(table: string, fates: Fates) {
    super(
      `${table}: ${fates.read} records were read, but ${fates.accepted} accepted + ${fates.duplicate} duplicate + ` +
        `${fates.superseded} superseded + ${fates.quarantined} quarantined do not add up to it; nothing was published: please report this`,
    );
    this.name = 'LawBrokenError';
  }
}

const id = (name: string): string => quoted(name, 'duckdb');
const list = (names: readonly string[]): string => names.map(id).join(', ');

/**
 * Settles which records become rows. Only contested keys (several claims in this load, or one here and one stored) are
 * ranked; the rest are accepted as they are, so a clean load pays for one grouping of its keys and no sort.
 * @param stored the table to settle against, or null when there is none yet.
 */
export async function settle(db: DuckDb, records: Records, read: number, stored: string | null): Promise<Settled> {
  const { table, relation } = records;
  const good = `(select * from ${relation} where _faults is null)`;
  const counted = await rowOf(
    db,
    `select count(*) as typed, count(_faults) as faulty, (select count(*) from ${records.broken}) as broken from ${relation}`,
  );
  const quarantined = countOf(counted.faulty) + countOf(counted.broken);
  const goodCount = countOf(counted.typed) - countOf(counted.faulty);
  const columns = list(table.columns.map((column) => column.name));
  const refusals = await refusedFields(db, records);
  const facts = { read, goodCount, quarantined, good, columns, stored, refusals };
  const settling = table.making.claims?.duckdb;
  return settling ? settleKeyed(db, records, facts, settling) : uncontested(table.name, facts);
}

/** The settlement when no record meets a rival: all good ones are rows. */
function uncontested(table: string, { read, goodCount, quarantined, good, columns, refusals }: Counted): Settled {
  const fates = { read, accepted: goodCount, duplicate: 0, superseded: 0, quarantined };
  const incoming = `(select ${columns}, _raw_file, _record, _known_from from ${good})`;
  return lawful(table, {
    fates,
    incoming,
    beaten: null,
    discarded: null,
    replaced: 0,
    contests: null,
    refusals,
    drop: [],
  });
}

interface Counted {
  readonly read: number;
  readonly goodCount: number;
  readonly quarantined: number;
  readonly good: string;
  readonly columns: string;
  readonly stored: string | null;
  readonly refusals: RefusedFields;
}

async function settleKeyed(
  db: DuckDb,
  { table, setAside }: Records,
  counted: Counted,
  settling: Claims,
): Promise<Settled> {
  const { good, columns, stored } = counted;
  const key = list(table.grain);
  const contested = id(`contested_${table.name}`);
  const claims = id(`claims_${table.name}`);
  const sameKey = (a: string, b: string) =>
    table.grain.map((column) => `${a}.${id(column)} = ${b}.${id(column)}`).join(' and ');
  const meetsStored =
    stored === null ? '' : ` union select ${key} from ${good} as s semi join ${stored} as b on ${sameKey('b', 's')}`;
  await db.run(
    `create temp table ${contested} as select ${key} from ${good} as g group by ${key} having count(*) > 1${meetsStored}`,
  );
  const rivals = countOf((await rowOf(db, `select count(*) as n from ${contested}`)).n);
  if (rivals === 0) return { ...uncontested(table.name, counted), drop: [contested] };
  const storedClaims =
    stored === null
      ? ''
      : ` union all select ${columns}, _raw_file, _record, _known_from, true as _stored from ${stored} as b semi join ${contested} as c on ${sameKey('c', 'b')}`;
  // Every look at the incoming rows would else join all of them with the contested keys again.
  const aside = await setAside(contested);
  const ranked = (template: string) => template.replace('{{ranked}}', () => claims);
  const all = `(select ${columns}, _raw_file, _record, _known_from, false as _stored from ${aside} as g${storedClaims})`;
  await db.run(`create temp table ${claims} as ${settling.rank.replace('{{claims}}', () => all)}`);
  const tally = await rowOf(db, ranked(settling.tally));
  const fates: Fates = {
    read: counted.read,
    accepted: counted.goodCount - countOf(tally.claims) + countOf(tally.won),
    duplicate: countOf(tally.duplicate),
    superseded: countOf(tally.superseded),
    quarantined: counted.quarantined,
  };
  const won = `select ${columns}, _raw_file, _record, _known_from from ${claims} where _place = 1 and not _stored`;
  return lawful(table.name, {
    fates,
    incoming: `(select ${columns}, _raw_file, _record, _known_from from ${good} as g union all ${won})`,
    beaten: stored === null ? null : `(select ${key} from ${claims} where _place = 1 and not _stored)`,
    discarded: fates.duplicate + fates.superseded > 0 ? `(${ranked(settling.discarded)})` : null,
    refusals: counted.refusals,
    replaced: countOf(tally.replaced),
    contests: { undecided: `(${ranked(settling.undecided)})`, decided: `(${ranked(settling.decided)})` },
    drop: [contested, claims],
  });
}

function lawful(table: string, settled: Settled): Settled {
  const { read, accepted, duplicate, superseded, quarantined } = settled.fates;
  if (read !== accepted + duplicate + superseded + quarantined) throw new LawBrokenError(table, settled.fates);
  return settled;
}

/** Publishes a settled load inside the run's transaction: rows, quarantine, discarded records. */
export async function publishLoad(db: DuckDb, runId: string, records: Records, settled: Settled): Promise<void> {
  const { table } = records;
  const target = `${table.layer}.${id(table.name.slice(table.layer.length + 1))}`;
  const source = quote(table.making.source);
  if (settled.beaten !== null) {
    const sameKey = table.grain.map((column) => `t.${id(column)} = w.${id(column)}`).join(' and ');
    await db.run(`delete from ${target} as t using ${settled.beaten} as w where ${sameKey}`);
  }
  await db.run(`insert into ${target} select * from ${settled.incoming}`);
  const run = quote(runId);
  await db.run(
    `insert into ops.quarantine select ${run}, ${source}, _raw_file, _record, string_split(_faults, ','), _raw from ${records.relation} where _faults is not null`,
  );
  await db.run(
    `insert into ops.quarantine select ${run}, ${source}, _raw_file, _record, [code || ': ' || detail], _raw from ${records.broken}`,
  );
  if (records.refused !== null) {
    await db.run(
      `insert into ops.refused_field select ${run}, ${source}, _raw_file, _record, split_part(code, ':', 1), code, value from ${records.refused}`,
    );
  }
  if (settled.discarded !== null) {
    await db.run(
      `insert into ops.discard select ${run}, ${source}, _raw_file, _record, fate from ${settled.discarded}`,
    );
  }
}
