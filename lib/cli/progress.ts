import type { RunEvent } from '../run/result.ts';
import type { Output } from './output.ts';
import { visible } from './visible.ts';

/** Shows a run as it goes: a live line per table at work in a terminal, one line per finished table elsewhere. */
export class RunProgress {
  readonly #output: Output;
  #live = '';

  constructor(output: Output) {
    this.#output = output;
  }

  readonly on = (event: RunEvent): void => {
    const { colors } = this.#output;
    switch (event.kind) {
      case 'level':
        return this.#print(
          colors.bold(`level ${event.level}`) +
            colors.dim(`  ${event.tables.length} table${event.tables.length === 1 ? '' : 's'}`),
        );
      case 'table_started':
        return this.#rewrite(`  ${colors.cyan('…')} ${event.table}`);
      case 'file':
        return this.#rewrite(
          `  ${colors.cyan('…')} ${event.table}  file ${event.done} of ${event.of}: ${visible(event.path)}`,
        );
      case 'table_done': {
        const { name, read, rows, quarantined, seconds } = event.table;
        // Nothing new to read is the usual case, and no news.
        if (event.level === 0 && read === 0) return this.#rewrite('');
        const what = [
          event.level === 0 ? `${read} records read` : `${rows} rows`,
          ...(quarantined > 0 ? [colors.yellow(`${quarantined} quarantined`)] : []),
        ];
        return this.#print(
          `  ${colors.green('✓')} ${name}  ${what.join(', ')}  ${colors.dim(`${seconds.toFixed(2)} s`)}`,
        );
      }
      case 'publishing':
        return this.#rewrite(`  ${colors.cyan('…')} publishing`);
      case 'published':
        return this.#rewrite('');
    }
  };

  /** Clears the live line. */
  done(): void {
    this.#rewrite('');
  }

  #print(text: string): void {
    this.#rewrite('');
    this.#output.note(text);
  }

  #rewrite(text: string): void {
    if (this.#live !== '' || text !== '') this.#output.rewrite(text);
    this.#live = text;
  }
}
