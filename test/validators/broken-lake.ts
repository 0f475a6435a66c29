import { join } from 'node:path';
import { DuckDb } from '../../lib/engines/index.ts';
import { lineageOf, type TablePlan } from '../../lib/plan/index.ts';
import { clausesOf } from '../../lib/quality/clause.ts';
import { NO_CONTESTS } from '../../lib/run/contests.ts';
import { measureChecks } from '../../lib/run/measuring.ts';
import { runCli } from '../support/cli.ts';
import { alterFile, ourPlan, tempFolder } from '../support/run-lake.ts';

/** What we say of a clause: how many rows break it, and whether that is too many. */
export interface Expected {
  readonly broken: boolean;
  readonly failed: number;
  readonly warns: boolean;
}

/** What the load lets nobody break, broken by hand: the clause, by how many rows, and how. */
const BY_HAND: readonly (readonly [table: string, clause: string, rows: number, sql: string])[] = [
  ['base.void', 'unique(id)', 1, 'insert into base.void select * from base.void order by id limit 1'],
  [
    'base.bank_transaction',
    'rule(currency is 3 capital letters)',
    2,
    few('base.bank_transaction', 2, "currency = 'eur'"),
  ],
  [
    'base.card_transaction',
    'rule(kind is one of purchase, refund)',
    1,
    few('base.card_transaction', 1, "kind = 'gift'"),
  ],
  [
    'raw.risk_event',
    'rule(client_email is something, one @ and something)',
    3,
    few('raw.risk_event', 3, "client_email = 'nobody'"),
  ],
  [
    'base.shop_purchase',
    'rule(amount is given, unless operation is one of delete)',
    2,
    few('base.shop_purchase', 2, 'amount = null', "operation <> 'delete'"),
  ],
];

/** What checks see, and the loads of a sample do not bring. */
const MORE = ['update mart.refunds_by_customer set total_refund = total_refund + 1', 'delete from mart.agg_shipments'];

function few(table: string, rows: number, change: string, where = 'true'): string {
  return `update ${table} set ${change} where rowid in (select rowid from ${table} where ${where} order by rowid limit ${rows})`;
}

/** A lake of dirty records, then broken by hand, and what we say of every clause of its tables today. */
export class BrokenLake {
  readonly folder = tempFolder();
  readonly lake = join(this.folder, 'lake');
  readonly today = new Date().toISOString().slice(0, 10);

  async make(): Promise<void> {
    const raw = join(this.folder, 'raw');
    await this.cli('sample', '--out', raw, '--rows', '400', '--dirt', '0.03');
    await runCli(['run', '--raw', raw, '--lake', this.lake, '--as-of', this.today, '--quiet']);
    await alterFile(this.database, ...BY_HAND.map(([, , , sql]) => sql), ...MORE);
  }

  get database(): string {
    return join(this.lake, 'lake.duckdb');
  }

  /** Calls the command line, which must be fine. @returns what it printed. */
  async cli(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await runCli([...args, '--quiet']);
    if (code !== 0) throw new Error(`lakehouse ${args.join(' ')}: exit ${code}\n${stderr}`);
    return stdout;
  }

  /** Our own word on every clause, by `table: clause`. */
  async expected(): Promise<Map<string, Expected>> {
    const plan = ourPlan();
    const db = await DuckDb.open({ path: this.database, readOnly: true });
    try {
      const context = { db, asOf: this.today, lineage: lineageOf(plan), instead: new Map(), contests: NO_CONTESTS };
      const judged = await Promise.all(plan.tables.map((table) => measureChecks(context, table, table.checks)));
      const checks = judged.flat().map(({ table, check, failed, verdict, severity }) => {
        const broken = verdict === 'warn' || verdict === 'fail';
        return [`${table}: ${check}`, { broken, failed, warns: severity === 'warn' }] as const;
      });
      return new Map([...plan.tables.flatMap(held), ...checks]);
    } finally {
      db.close();
    }
  }
}

/** What is held by the load is broken by hand only. */
function held(table: TablePlan): [string, Expected][] {
  return clausesOf(table).map(({ name }) => {
    const failed = BY_HAND.find(([broken, clause]) => broken === table.name && clause === name)?.[2] ?? 0;
    return [`${table.name}: ${name}`, { broken: failed > 0, failed, warns: false }];
  });
}
