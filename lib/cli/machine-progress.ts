import type { MachineEvent } from '../engines/executions.ts';
import type { Output } from './output.ts';

/** A task of the state machine in one run: calls of it that only waited between belong together. */
export interface FollowedState {
  readonly state: string;
  readonly calls: number;
  readonly seconds: number;
  readonly troubles: readonly string[];
}

interface Standing {
  readonly state: string;
  readonly since: Date;
  calls: number;
  until: Date;
  waits: boolean;
  readonly troubles: string[];
}

/** Shows the tasks of a state machine as they go: a live line in a terminal, one line per finished task elsewhere. */
export class MachineProgress {
  readonly #output: Output;
  readonly #states: Standing[] = [];
  /** Between the begin and the end of a map: what each of its items goes through is not shown. */
  #mapping = false;

  constructor(output: Output) {
    this.#output = output;
  }

  /** The tasks so far, in order. */
  get states(): FollowedState[] {
    return this.#states.map(({ state, calls, since, until, troubles }) => ({
      state,
      calls,
      seconds: (until.getTime() - since.getTime()) / 1000,
      troubles,
    }));
  }

  on(event: MachineEvent): void {
    const last = this.#states.at(-1);
    const { colors } = this.#output;
    if (event.kind === 'mapped') this.#mapping = false;
    if (this.#mapping && event.kind !== 'trouble') return;
    switch (event.kind) {
      case 'map':
      case 'task': {
        this.#mapping = event.kind === 'map';
        if (last?.state === event.state) {
          last.calls += 1;
        } else {
          this.#finish('✓');
          const { state, at } = event;
          this.#states.push({ state, since: at, until: at, calls: 1, waits: false, troubles: [] });
        }
        return this.#live(event.state);
      }
      case 'wait':
        if (last && !last.waits) this.#print(`  ${colors.cyan('…')} ${last.state}  waits (${event.state})`);
        if (last) last.waits = true;
        return;
      case 'left':
      case 'mapped':
        if (last) last.until = event.at;
        return;
      case 'trouble':
        last?.troubles.push(event.error);
        return this.#print(`  ${colors.yellow('!')} ${last?.state ?? ''}  ${event.error.split('\n')[0]}`);
    }
  }

  /** Ends the following of a run that ended. */
  done(well: boolean): void {
    this.#finish(well ? '✓' : '✗');
  }

  /** Clears the live line. */
  clear(): void {
    this.#output.rewrite();
  }

  #finish(mark: '✓' | '✗'): void {
    const last = this.states.at(-1);
    const { colors } = this.#output;
    if (!last) return this.clear();
    const calls = last.calls > 1 ? `  ${last.calls} calls` : '';
    const colored = mark === '✓' ? colors.green(mark) : colors.red(mark);
    this.#print(`  ${colored} ${last.state}${calls}  ${colors.dim(`${last.seconds.toFixed(1)} s`)}`);
  }

  #live(state: string): void {
    this.#output.rewrite(`  ${this.#output.colors.cyan('…')} ${state}`);
  }

  #print(text: string): void {
    this.clear();
    this.#output.note(text);
  }
}
