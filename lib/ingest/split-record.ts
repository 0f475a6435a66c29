import { isAscii, isUtf8 } from 'node:buffer';
import { closingQuote } from './closing-quote.ts';
import type { FaultCode } from './record.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const LF = 0x0a;
const CR = 0x0d;

/** What the splitter saw: a record, a fault (the record's own, or one that spoils only its line), or too few bytes to say. */
type Outcome = 'record' | 'more' | FaultCode;

/** The faults of quoting and length: where the record ends cannot be known, so they spoil their own physical line only. */
export const SPOILS_LINE: ReadonlySet<Outcome> = new Set<Outcome>([
  'unclosed_quote',
  'text_after_quote',
  'quote_in_text',
  'record_too_long',
]);

/**
 * Splits one RFC 4180 record. The result stays in the fields until the next call; nothing is decoded before it is
 * asked for, and fields beyond the header's are counted, not kept.
 */
export class RecordSplitter {
  /** Where the record ends, line end not counted; after a fault that spoils its line: where reading stopped. */
  stop = 0;
  /** Where the next record begins. */
  next = 0;
  /** How many fields were found. */
  count = 0;
  readonly #maxBytes: number;
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  readonly #quoted: boolean[] = [];
  #keep: number;

  /** `fields`: how many fields a record should have; null for a header, where any number will do. */
  constructor(fields: number | null, maxBytes: number) {
    this.#keep = fields ?? Number.POSITIVE_INFINITY;
    this.#maxBytes = maxBytes;
  }

  /** Looks at `bytes[start, end)`; `last`: the file ends at `end`. */
  split(bytes: Buffer, start: number, end: number, last: boolean): Outcome {
    const found = this.#delimit(bytes, start, end, last);
    if (found === 'more') return found;
    if (this.stop - start > this.#maxBytes) return 'record_too_long';
    return found === 'record' || found === 'lone_cr' ? this.#judge(bytes, start, found) : found;
  }

  /** The fields of the record that was split last, as text; an empty field is null. */
  fields(bytes: Buffer, start: number): (string | null)[] {
    const ascii = isAscii(bytes.subarray(start, this.stop));
    const text = ascii ? bytes.toString('latin1', start, this.stop) : '';
    const fields: (string | null)[] = new Array(this.#from.length);
    for (let n = 0; n < fields.length; n += 1) {
      const from = this.#from[n] ?? 0;
      const to = this.#to[n] ?? 0;
      if (from === to) {
        fields[n] = null;
        continue;
      }
      const field = ascii ? text.slice(from - start, to - start) : bytes.toString('utf8', from, to);
      fields[n] = this.#quoted[n] && field.includes('"') ? field.replaceAll('""', '"') : field;
    }
    return fields;
  }

  #delimit(bytes: Buffer, start: number, end: number, last: boolean): Outcome {
    // One record and its line end: what lies beyond cannot change the verdict.
    const view = Math.min(end, start + this.#maxBytes + 2);
    const whole = last && view === end;
    this.count = 0;
    this.#from.length = 0;
    this.#to.length = 0;
    this.#quoted.length = 0;
    let loneCr = false;
    let at = start;
    for (;;) {
      let from = at;
      const quoted = at < view && bytes[at] === QUOTE;
      if (quoted) {
        from = at + 1;
        const close = closingQuote(bytes, from, view, whole);
        if (close === null) return this.#short(start, view, whole, 'unclosed_quote');
        at = close + 1;
      } else {
        while (at < view) {
          const byte = bytes[at];
          if (byte === COMMA || byte === LF) break;
          if (byte === QUOTE) {
            this.stop = at;
            return 'quote_in_text';
          }
          if (byte === CR) {
            if (at + 1 < view ? bytes[at + 1] === LF : !whole) break;
            loneCr = true;
          }
          at += 1;
        }
      }
      this.#put(from, quoted ? at - 1 : at, quoted);
      if (at < view && bytes[at] === COMMA) {
        at += 1;
        continue;
      }
      this.stop = at;
      if (at === view) {
        if (!whole) return this.#short(start, view, whole, 'unclosed_quote');
        this.next = view;
      } else if (bytes[at] === LF) this.next = at + 1;
      else if (bytes[at] === CR && at + 1 < view && bytes[at + 1] === LF) this.next = at + 2;
      else if (bytes[at] === CR && at + 1 === view && !whole)
        return this.#short(start, view, whole, 'text_after_quote');
      else return 'text_after_quote';
      return loneCr ? 'lone_cr' : 'record';
    }
  }

  /** The bytes in view ran out: at the end of the file `atEnd` is the fault, before it the record may be too long. */
  #short(start: number, view: number, whole: boolean, atEnd: FaultCode): Outcome {
    this.stop = view;
    if (whole) return atEnd;
    return view === start + this.#maxBytes + 2 ? 'record_too_long' : 'more';
  }

  #put(from: number, to: number, quoted: boolean): void {
    this.count += 1;
    if (this.count > this.#keep) return;
    this.#from.push(from);
    this.#to.push(to);
    this.#quoted.push(quoted);
  }

  #judge(bytes: Buffer, start: number, found: 'record' | 'lone_cr'): Outcome {
    const record = bytes.subarray(start, this.stop);
    if (record.includes(0)) return 'nul';
    if (!isUtf8(record)) return 'invalid_utf8';
    if (found === 'lone_cr') return found;
    if (this.#keep === Number.POSITIVE_INFINITY || this.count === this.#keep) return 'record';
    return this.count < this.#keep ? 'too_few_fields' : 'too_many_fields';
  }
}
