import { open } from 'node:fs/promises';
import { asOfOption, command, lakeOption, parseCount, rawOption, today } from './command.ts';
import { EXIT } from './errors.ts';
import type { DefineCommand } from './main.ts';
import { type CommonOptions, Output } from './output.ts';

interface StreamOptions extends CommonOptions {
  readonly from: string;
  readonly dataset: string;
  readonly raw: string;
  readonly lake: string;
  readonly asOf?: string;
  readonly batch: number;
}

/** A batch that is not full is cut when its first record has waited so long. */
const WAIT_MS = 1000;

/** `lakehouse stream`: records as they come. */
export const defineStream: DefineCommand = (environment, exit) =>
  command(
    'stream',
    'take records as they come: keep each micro-batch as a raw file, load it, publish what depends on it',
    'lakehouse stream --from events.jsonl --batch 500\nproducer | lakehouse stream --from - --format ndjson',
  )
    .requiredOption('--from <file>', 'JSON lines; - is standard input')
    .option('--dataset <name>', 'the raw dataset of the records; it must have a key', 'inventory_event')
    .addOption(rawOption())
    .addOption(lakeOption())
    .addOption(asOfOption())
    .option('--batch <n>', 'records of a micro-batch; a smaller one is cut after a second', parseCount(1), 1000)
    .addHelpText(
      'after',
      `
Any cut into batches and any order give the same tables; the same records again change none. An interrupt publishes the
complete lines that were read and ends with 130; a second one ends at once, and the next stream or run takes what was kept.
Lag is the time from the arrival of a batch's first record to its publication; event lag that from the newest event to now.
NDJSON: a line per batch as it is published (kind batch), then the totals (kind stream); JSON: the totals.`,
    )
    .action(async (options: StreamOptions) => {
      const { loadPlan } = await import('./environment.ts');
      const { needsAttention, stream } = await import('../run/index.ts');
      const { StreamSummary } = await import('./stream-summary.ts');
      const output = new Output(environment, options);
      const plan = await loadPlan(environment);
      const stop = new AbortController();
      environment.onInterrupt(() => stop.abort());
      const source = options.from === '-' ? environment.stdin : (await open(options.from)).createReadStream();
      const { raw, lake, dataset } = options;
      const limits = { records: options.batch, waitMs: WAIT_MS };
      const request = { plan, raw, lake, dataset, asOf: options.asOf ?? today(), limits, source, stop: stop.signal };
      const summary = new StreamSummary(output);
      try {
        for await (const batch of stream(request)) {
          summary.batch(batch);
          if (needsAttention(batch.report.result)) exit(EXIT.failure);
        }
        summary.end(stop.signal.aborted);
        if (stop.signal.aborted) exit(EXIT.interrupted);
      } finally {
        summary.clear();
        source.destroy();
      }
    });
