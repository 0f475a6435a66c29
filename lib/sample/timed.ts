import { Draws } from './random.ts';
import { Timeline } from './timeline.ts';
import type { Slice } from './types.ts';

/** What datasets share whose records happen one after another along their files, each with draws of its own. */
export abstract class Timed {
  readonly timeline: Timeline;
  readonly count: number;
  protected readonly draws: Draws;

  /** @param stream tells the draws of one dataset from those of another. */
  constructor(files: readonly Slice[], seed: number, stream: number) {
    this.timeline = new Timeline(files);
    this.count = this.timeline.count;
    this.draws = new Draws(seed, stream);
  }

  get files(): readonly Slice[] {
    return this.timeline.files;
  }
}
