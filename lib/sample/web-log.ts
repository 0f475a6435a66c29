import { instantText } from './calendar.ts';
import { decimalColumn, instantColumn, integerColumn, optional, textColumn } from './columns.ts';
import { Timed } from './timed.ts';
import type { Cells, SampleDataset, Slice } from './types.ts';
import { AGENTS, PAGES } from './words.ts';

/** Requests in the logs of a web server; every second file logs how long they took. */
export class WebLog extends Timed implements SampleDataset {
  readonly name = 'web_log';
  readonly key = null;
  readonly columns = [
    textColumn('host'),
    optional(textColumn('remote_user')),
    instantColumn('requested_at'),
    optional(textColumn('method')),
    optional(textColumn('path')),
    optional(textColumn('protocol')),
    integerColumn('status', ['000', '99', '600']),
    optional(integerColumn('bytes_sent', ['-1'])),
    optional(textColumn('referrer')),
    optional(textColumn('user_agent')),
    optional(decimalColumn('request_seconds', 9, 3, ['-0.001'])),
  ];
  readonly findings = [];
  readonly styles = [
    { format: 'log' },
    { format: 'log', gzip: true },
    { format: 'log', crlf: true },
    { format: 'log', blank: true },
    { format: 'log', gzip: true },
    { format: 'log' },
  ] as const;

  constructor(files: readonly Slice[], seed: number) {
    super(files, seed, 31);
  }

  fill(index: number, cells: Cells): void {
    const draws = this.draws.at(index);
    const second = this.timeline.second(index, draws);
    const fate = draws.unit();
    const status = fate < 0.9 ? '200' : fate < 0.94 ? '304' : fate < 0.98 ? '404' : '503';
    cells[0] = `10.${draws.below(4)}.${draws.below(256)}.${1 + draws.below(250)}`;
    cells[1] = fate > 0.2 && fate < 0.21 ? 'admin' : null;
    cells[2] = instantText(second);
    cells[3] = fate > 0.8 && fate < 0.9 ? 'POST' : 'GET';
    cells[4] = PAGES[draws.below(PAGES.length)] ?? '/';
    cells[5] = 'HTTP/1.1';
    cells[6] = status;
    cells[7] = status === '304' ? null : String(200 + draws.skewed(60_000));
    cells[8] = fate < 0.5 ? 'https://shop.example/' : null;
    cells[9] = AGENTS[draws.below(AGENTS.length)] ?? null;
    cells[10] =
      this.timeline.fileOf(index) % 2 === 0 ? `${draws.skewed(3)}.${String(1000 + draws.below(1000)).slice(1)}` : null;
  }

  /** Without a key there is none to be unused; a request is told by its place. */
  unusedKey(serial: number): string {
    return String(serial);
  }

  vary(): void {}
}
