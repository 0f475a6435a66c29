import type { ByteWindow } from './byte-window.ts';
import { faultDetail } from './csv-fault.ts';
import { plainHeader } from './csv-header.ts';
import { PlainCopy } from './plain-copy.ts';
import { MAX_PLAIN_LINE_BYTES, type PlainRun, plainRun, ValidLines } from './plain-lines.ts';
import { type FaultCode, RAW_TEXT_BYTES, type RecordSink, rawText } from './record.ts';
import { RecordSplitter, SPOILS_LINE } from './split-record.ts';

const LF = 0x0a;
const CR = 0x0d;

/** What one pass over a CSV file is given. */
interface PassPlan {
  readonly path: string;
  /** Where the sanitised copy goes if one is needed; null: every record goes through the splitter. */
  readonly copyPath: string | null;
  readonly names: readonly string[];
  /** Offset of the first byte behind the header. */
  readonly dataStart: number;
  readonly maxRecordBytes: number;
  readonly sink: RecordSink;
}

/**
 * One pass over the records of a CSV file. Runs of plain lines are passed over (and copied once a copy exists); the
 * first line that is not plain makes the copy necessary; such a line is unquoted into the copy where that loses
 * nothing, and otherwise split here.
 */
export class CsvPass {
  records = 0;
  blanks = 0;
  placeholders = 0;
  longestLine = 0;
  copy: PlainCopy | null = null;
  readonly #plan: PassPlan;
  readonly #commas: number;
  readonly #maxLine: number;
  readonly #splitter: RecordSplitter;
  readonly #valid = new ValidLines();
  readonly #run: PlainRun = { end: 0, lines: 0, longest: 0 };
  /** Inside a line that is already a fault, longer than the window. */
  #skipping = false;

  constructor(plan: PassPlan) {
    this.#plan = plan;
    this.#commas = plan.names.length - 1;
    this.#maxLine = Math.min(MAX_PLAIN_LINE_BYTES, plan.maxRecordBytes);
    this.#splitter = new RecordSplitter(plan.names.length, plan.maxRecordBytes);
  }

  /** Takes all records that the window holds whole. */
  consume(window: ByteWindow): void {
    if (this.#skipping && !this.#skipLine(window)) return;
    const region = wholeLines(window);
    this.#valid.reset(window.bytes, region);
    while (window.start < region && window.start < window.end) {
      const to = this.#plan.copyPath === null ? window.start : this.#valid.from(window.start);
      const valid = to > window.start;
      if (valid && (this.#takeRun(window, to, 'lf') || this.#takeRun(window, to, 'crlf'))) continue;
      if (!this.#takeOdd(window, valid)) return;
    }
    // What is left has no line feed: the last line, or one that is longer than any record.
    const left = window.end - window.start;
    if (window.done ? left > 0 : left > this.#plan.maxRecordBytes + 2) this.#takeOdd(window, false);
  }

  /** Makes the copy with all lines so far, if there is none: from here on the file is not plain. */
  diverge(offset: number): PlainCopy | null {
    const { path, copyPath, names, dataStart } = this.#plan;
    if (this.copy === null && copyPath !== null) {
      this.copy = new PlainCopy(copyPath, plainHeader(names), this.#commas);
      this.copy.prefix(path, dataStart, offset);
    }
    return this.copy;
  }

  /** Closes and removes a copy that nobody will read. */
  discard(): void {
    this.copy?.discard();
  }

  #takeRun(window: ByteWindow, to: number, ends: 'lf' | 'crlf'): boolean {
    const run = this.#run;
    plainRun(window.bytes, window.start, to, this.#commas, ends, this.#maxLine, run);
    if (run.lines === 0) return false;
    if (ends === 'crlf') this.diverge(window.offset)?.crlfLines(window.bytes, window.start, run.end);
    else this.copy?.lines(window.bytes, window.start, run.end);
    this.records += run.lines;
    this.longestLine = Math.max(this.longestLine, run.longest);
    window.start = Math.min(run.end, window.end);
    return true;
  }

  /** A line that is not plain: blank, decorated with quotes, or the splitter's. False: more bytes are needed. */
  #takeOdd(window: ByteWindow, valid: boolean): boolean {
    const { bytes, start, end } = window;
    const copy = this.diverge(window.offset);
    const blank = bytes[start] === LF ? 1 : bytes[start] === CR && start + 1 < end && bytes[start + 1] === LF ? 2 : 0;
    if (blank > 0) {
      this.blanks += 1;
      window.start += blank;
      return true;
    }
    if (copy !== null && valid) {
      const to = bytes.indexOf(LF, start) + 1;
      const length = copy.unquoted(bytes, start, to, this.#commas, this.#maxLine);
      if (length > 0) {
        this.records += 1;
        this.longestLine = Math.max(this.longestLine, length);
        window.start = Math.min(to, end);
        return true;
      }
    }
    return this.#takeSplit(window);
  }

  #takeSplit(window: ByteWindow): boolean {
    const { bytes, start, end } = window;
    const splitter = this.#splitter;
    const outcome = splitter.split(bytes, start, end, window.done);
    if (outcome === 'more') return false;
    if (outcome === 'record') {
      this.#next().record(this.records, splitter.fields(bytes, start));
      window.start = splitter.next;
    } else if (SPOILS_LINE.has(outcome)) {
      const lf = bytes.indexOf(LF, start);
      const known = lf >= 0 && lf < end;
      if (!known && !window.done && end - start < RAW_TEXT_BYTES) return false;
      const stop = !known ? end : lf > start && bytes[lf - 1] === CR ? lf - 1 : lf;
      this.#fault(outcome, start, rawText(bytes, start, stop));
      this.#skipping = !known;
      window.start = known ? lf + 1 : end;
    } else {
      this.#fault(outcome, start, rawText(bytes, start, splitter.stop));
      window.start = splitter.next;
    }
    return true;
  }

  #fault(code: FaultCode, start: number, raw: string): void {
    const { stop, count } = this.#splitter;
    const { names, maxRecordBytes } = this.#plan;
    const detail = faultDetail(code, { at: stop - start + 1, count, names, maxRecordBytes });
    this.#next().fault(this.records, code, detail, raw);
  }

  #next(): RecordSink {
    this.records += 1;
    this.placeholders += 1;
    this.copy?.placeholder();
    return this.#plan.sink;
  }

  #skipLine(window: ByteWindow): boolean {
    const lf = window.bytes.indexOf(LF, window.start);
    this.#skipping = lf < 0 || lf >= window.end;
    window.start = this.#skipping ? window.end : lf + 1;
    return !this.#skipping;
  }
}

/** Where the last whole line of the window ends. A last line of the file without line feed gets one, behind `end`. */
function wholeLines(window: ByteWindow): number {
  const { bytes, start, end } = window;
  const last = end > start ? bytes[end - 1] : LF;
  // A last carriage return must not look like the CRLF that it is not.
  if (window.done && last !== LF && last !== CR) {
    bytes[end] = LF;
    return end + 1;
  }
  return Math.max(start, bytes.lastIndexOf(LF, end - 1) + 1);
}
