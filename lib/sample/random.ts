/**
 * Small fast counter generator sfc32 (Chris Doty-Humphrey, PractRand, public domain), restarted for every record:
 * record `i` of a stream always draws the same numbers, so any record can be made again without keeping it.
 */
export class Draws {
  private a = 0;
  private b = 0;
  private c = 0;
  private counter = 0;
  private readonly seed: number;
  private readonly stream: number;

  /** `stream` tells apart what is drawn from one seed: each dataset has its own. */
  constructor(seed: number, stream: number) {
    this.seed = seed;
    this.stream = stream;
  }

  /** Begins the draws of record `index`. Twelve rounds mix the seed in, as its author advises. */
  at(index: number): this {
    this.a = this.seed | 0;
    this.b = this.stream | 0;
    this.c = index | 0;
    this.counter = 1;
    for (let round = 0; round < 12; round++) this.next();
    return this;
  }

  /** 32 random bits, as a signed number. */
  next(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum;
  }

  /** A number in [0, 1). */
  unit(): number {
    return (this.next() >>> 0) / 4294967296;
  }

  /** A whole number in [0, count). */
  below(count: number): number {
    return Math.floor(this.unit() * count);
  }

  /** A whole number in [0, count) that prefers small ones: popular products, regular customers. */
  skewed(count: number): number {
    const unit = this.unit();
    return Math.floor(unit * unit * count);
  }
}
