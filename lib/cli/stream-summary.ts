import type { StreamedBatch } from '../run/stream.ts';
import { describeFindings, refusal } from './findings.ts';
import type { Output } from './output.ts';

const FATES = ['read', 'accepted', 'duplicate', 'superseded', 'quarantined'] as const;
const COLUMNS = ['batch', 'path', ...FATES, 'seconds', 'records_per_second', 'lag_seconds', 'event_lag_seconds'];

/** What is said of a batch, under the names of the machine formats. */
function factsOf({ number, path, report, lagSeconds, eventLagSeconds }: StreamedBatch) {
  // Of tables that are not loaded every number is 0.
  const sum = (fate: (typeof FATES)[number]) => report.result.tables.reduce((total, table) => total + table[fate], 0);
  const { seconds } = report.result;
  return {
    batch: number,
    path,
    read: sum('read'),
    accepted: sum('accepted'),
    duplicate: sum('duplicate'),
    superseded: sum('superseded'),
    quarantined: sum('quarantined'),
    seconds,
    records_per_second: rate(sum('read'), seconds),
    lag_seconds: millis(lagSeconds),
    event_lag_seconds: eventLagSeconds === null ? null : millis(eventLagSeconds),
  };
}

const millis = (seconds: number): number => Math.round(seconds * 1000) / 1000;
/** A time that a person takes in: replays of old events lag by days. */
const spoken = (seconds: number): string =>
  Math.abs(seconds) < 172_800 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds / 86_400)} days`;
const rate = (records: number, seconds: number): number => Math.round(records / Math.max(seconds, 0.001));

/** Tells of a stream batch by batch, and what it came to. */
export class StreamSummary {
  readonly #output: Output;
  readonly #start = performance.now();
  readonly #totals = { batches: 0, read: 0, accepted: 0, duplicate: 0, superseded: 0, quarantined: 0 };
  #slowest = 0;
  #last: StreamedBatch | null = null;
  #live = false;

  constructor(output: Output) {
    this.#output = output;
    if (output.format === 'csv') output.rows({ columns: COLUMNS, rows: [] });
  }

  /** A batch was published. */
  batch(batch: StreamedBatch): void {
    const facts = factsOf(batch);
    this.#totals.batches += 1;
    for (const fate of FATES) this.#totals[fate] += facts[fate];
    this.#slowest = Math.max(this.#slowest, facts.lag_seconds);
    this.#last = batch;
    if (this.#output.format === 'ndjson') this.#output.line(JSON.stringify({ kind: 'batch', ...facts }));
    if (this.#output.format === 'csv')
      this.#output.line(COLUMNS.map((column) => facts[column as keyof typeof facts] ?? '').join(','));
    this.#say(facts);
    for (const file of batch.report.result.files)
      if (file.status === 'refused') this.#output.alarm(`refused  ${refusal(file)}`);
  }

  /** Clears the live line. */
  clear(): void {
    if (this.#live) this.#output.rewrite();
    this.#live = false;
  }

  /** The stream is over. */
  end(interrupted: boolean): void {
    this.clear();
    const seconds = millis((performance.now() - this.#start) / 1000);
    const totals = {
      ...this.#totals,
      seconds,
      records_per_second: rate(this.#totals.read, seconds),
      longest_lag_seconds: this.#slowest,
      interrupted,
    };
    const { format } = this.#output;
    if (format === 'json') this.#output.line(JSON.stringify(totals, null, 2));
    if (format === 'ndjson') this.#output.line(JSON.stringify({ kind: 'stream', ...totals }));
    if (format === 'table') {
      for (const line of describeFindings(this.#output, this.#last?.report.findings ?? [])) this.#output.line(line);
      const { batches, read, accepted, duplicate, superseded, quarantined } = totals;
      const how = interrupted ? this.#output.colors.yellow('interrupted') : this.#output.colors.green('streamed');
      this.#output.line(
        `${how}  ${read} records in ${batches} batches: ${accepted} accepted, ${duplicate} duplicate, ${superseded} superseded, ${quarantined} quarantined`,
      );
      this.#output.line(
        `${seconds.toFixed(2)} s, ${totals.records_per_second} records/s, longest lag ${this.#slowest.toFixed(2)} s`,
      );
    }
  }

  #say(facts: ReturnType<typeof factsOf>): void {
    const { batch, read, quarantined, duplicate, superseded, seconds, records_per_second: pace } = facts;
    const what = [
      `${read} records`,
      ...(duplicate + superseded > 0 ? [`${duplicate + superseded} known`] : []),
      ...(quarantined > 0 ? [`${quarantined} quarantined`] : []),
      `${seconds.toFixed(2)} s`,
      `${pace}/s`,
      `lag ${facts.lag_seconds.toFixed(2)} s`,
      ...(facts.event_lag_seconds === null ? [] : [`event lag ${spoken(facts.event_lag_seconds)}`]),
    ];
    const line = `${batch === 0 ? 'kept earlier' : `batch ${batch}`}  ${what.join('  ')}`;
    if (this.#output.live) this.#output.rewrite(line);
    else this.#output.note(line);
    this.#live = this.#output.live;
  }
}
