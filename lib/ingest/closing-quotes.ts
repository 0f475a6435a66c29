const QUOTE = 0x22;
/** Fields shorter than this are walked here; calling the native search costs more. */
const WALK = 64;

/**
 * Finds the quote that closes a field: the last of the first run of quotes whose length is odd (pairs are content).
 * What is known about a stretch of the file holds for every field that opens in it, so it is remembered: a file in
 * which every line opens a quote that never closes is still read in linear time.
 */
export class ClosingQuotes {
  /** In `[#from, #to)` of the file no odd run begins, and no run reaches over `#to`. */
  #from = 0;
  #to = 0;

  /**
   * `from` stands behind the opening quote; looks no further than `view`. `whole`: the file ends at `view`.
   * Null: there is none in view (a run that touches the end of a view counts only when the file ends there).
   */
  find(bytes: Buffer, from: number, view: number, whole: boolean, base: number): number | null {
    let run = runLength(bytes, from, view);
    if (from + run === view && !whole) return null;
    if (run % 2 === 1) return from + run - 1;
    let at = from + run;
    if (base + at >= this.#from && base + at < this.#to) at = Math.min(this.#to - base, view);
    else this.#from = this.#to = base + at;
    while (at < view) {
      const open = nextQuote(bytes, at, view);
      run = runLength(bytes, open, view);
      const cut = open + run === view && !whole;
      if (run === 0 || cut || run % 2 === 1) {
        this.#to = base + open;
        return run === 0 || cut ? null : open + run - 1;
      }
      at = open + run;
    }
    this.#to = Math.max(this.#to, base + at);
    return null;
  }
}

function runLength(bytes: Buffer, from: number, view: number): number {
  let at = from;
  while (at < view && bytes[at] === QUOTE) at += 1;
  return at - from;
}

/** The next quote in `[from, view)`, else `view`. */
function nextQuote(bytes: Buffer, from: number, view: number): number {
  const near = Math.min(view, from + WALK);
  for (let at = from; at < near; at += 1) if (bytes[at] === QUOTE) return at;
  if (near === view) return view;
  const far = bytes.indexOf(QUOTE, near);
  return far < 0 || far > view ? view : far;
}
