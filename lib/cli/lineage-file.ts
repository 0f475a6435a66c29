import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Plan, TablePlan } from '../plan/plan.ts';
import { authorsText, endEvent, type Span, startEvent, tableEvents } from '../run/lineage-events.ts';
import type { LineageEvent } from '../run/open-lineage.ts';
import type { RunEvent, RunResult } from '../run/result.ts';

/** Where a run is told as OpenLineage events, a line each; lines are added to a file that is there. */
export class LineageFile {
  readonly #path: string;
  readonly #asOf: string;
  readonly #begun = new Map<string, string>();
  readonly #spans = new Map<string, Span>();
  #started = false;

  constructor(path: string, asOf: string) {
    this.#path = path;
    this.#asOf = asOf;
    mkdirSync(dirname(path), { recursive: true });
    this.#append([]);
  }

  /** Takes note of a run as it goes; its start is written at once. */
  readonly on = (event: RunEvent): void => {
    const now = new Date().toISOString();
    if (event.kind === 'began') this.#start(event.runId, now);
    if (event.kind === 'table_started') this.#begun.set(event.table, now);
    if (event.kind !== 'table_done' || (event.level === 0 && event.table.read === 0)) return;
    this.#spans.set(event.table.name, { from: this.#begun.get(event.table.name) ?? now, to: now });
  };

  /** Writes what a run did and that it ended. */
  async end(
    result: RunResult,
    { plan, raw, lake }: { readonly plan: Plan; readonly raw: string; readonly lake: string },
  ) {
    const now = new Date().toISOString();
    if (!this.#started) this.#start(result.run_id, now);
    const { outputLineage } = await import('../plan/sql/lineage.ts');
    const columnsOf = ({ making }: TablePlan) =>
      making.kind === 'select' && making.file !== null
        ? outputLineage(authorsText(making.select.athena), making.file).outputs
        : null;
    for (const { table } of result.held ?? []) this.#spans.set(table, { from: this.#begun.get(table) ?? now, to: now });
    const published = result.status === 'ok' ? tableEvents({ plan, raw, lake, columnsOf }, result, this.#spans) : [];
    this.#append([...published, endEvent(result, now)]);
  }

  /** Writes that a run failed. */
  fail(result: RunResult): void {
    const now = new Date().toISOString();
    if (!this.#started) this.#start(result.run_id, now);
    this.#append([endEvent(result, now)]);
  }

  #start(runId: string, now: string): void {
    this.#started = true;
    this.#append([startEvent({ run_id: runId, as_of: this.#asOf }, now)]);
  }

  #append(events: readonly LineageEvent[]): void {
    appendFileSync(this.#path, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  }
}
