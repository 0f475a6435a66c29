const QUOTE = 0x22;
/** Fields shorter than this are walked here; calling the native search costs more. */
const WALK = 64;

/**
 * Finds the quote that closes a field: the last of the first run of quotes whose length is odd (pairs are content).
 * `from` stands behind the opening quote; looks no further than `view`. `whole`: the file ends at `view`.
 * Null: there is none in view (a run that touches the end of a view counts only when the file ends there).
 *
 * Reading stays linear although every field that opens searches on its own: in a stretch without odd runs a field can
 * open only at a run of even length, and closes right there.
 */
export function closingQuote(bytes: Buffer, from: number, view: number, whole: boolean): number | null {
  let open = from;
  for (;;) {
    let end = open;
    while (end < view && bytes[end] === QUOTE) end += 1;
    if (end === view && !whole) return null;
    if ((end - open) % 2 === 1) return end - 1;
    if (end === view) return null;
    open = nextQuote(bytes, end, view);
  }
}

/** The next quote in `[from, view)`, else `view`. */
function nextQuote(bytes: Buffer, from: number, view: number): number {
  const near = Math.min(view, from + WALK);
  for (let at = from; at < near; at += 1) if (bytes[at] === QUOTE) return at;
  if (near === view) return view;
  const far = bytes.indexOf(QUOTE, near);
  return far < 0 || far > view ? view : far;
}
