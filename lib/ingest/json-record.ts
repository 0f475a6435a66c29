import { scanNumber, scanString } from './json-scan.ts';
import { type JsonColumn, type Shape, shapeOf } from './json-shape.ts';
import { ColumnValues } from './json-values.ts';
import type { FaultCode } from './record.ts';

/** Deepest nesting of objects and arrays that is read. */
const MAX_JSON_DEPTH = 100;

/** Objects with more members than this remember their names in a set. */
const FEW_MEMBERS = 8;

const BRACE = 0x7b;
const BRACE_END = 0x7d;
const BRACKET = 0x5b;
const BRACKET_END = 0x5d;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;

/**
 * Reads one JSON record into the columns' values, strictly (RFC 8259) and in one walk over its text: members that no
 * column wants are checked and skipped, never built. The result stays in the fields until the next call.
 */
export class JsonRecordReader {
  /** What the columns got. */
  readonly columns: ColumnValues;
  /** Where reading stopped when the text is not JSON. */
  at = 0;
  readonly #shape: Shape;
  #text = '';
  #stop: 'invalid_json' | 'too_deep' = 'invalid_json';
  #duplicate = false;
  #nul = false;
  #surrogate = false;

  constructor(columns: readonly JsonColumn[]) {
    this.columns = new ColumnValues(columns);
    this.#shape = shapeOf(columns);
  }

  /** Reads a text that should be one JSON object. Of several faults the first of the list in the corpus is told. */
  read(text: string): 'record' | FaultCode {
    this.columns.reset();
    this.at = 0;
    this.#text = text;
    this.#stop = 'invalid_json';
    this.#duplicate = this.#nul = this.#surrogate = false;
    this.#space();
    const isObject = text.charCodeAt(this.at) === BRACE;
    if (!this.#value(isObject ? this.#shape : null, 0)) return this.#stop;
    this.#space();
    if (this.at < text.length) return 'invalid_json';
    if (!isObject) return 'not_an_object';
    if (this.#duplicate) return 'duplicate_member';
    if (this.#nul) return 'nul';
    return this.#surrogate ? 'lone_surrogate' : 'record';
  }

  #value(shape: Shape | null, depth: number): boolean {
    const code = this.#text.charCodeAt(this.at);
    if (code === QUOTE) {
      const text = this.#string();
      if (text === null) return false;
      if (shape !== null) this.columns.give(shape, 'a string', text);
      return true;
    }
    if (code === BRACE || code === BRACKET) {
      if (depth === MAX_JSON_DEPTH) {
        this.#stop = 'too_deep';
        return false;
      }
      const [from, before] = [this.at, this.columns.faults.length];
      if (shape !== null && (code === BRACKET || shape.columns.length > 0)) {
        this.columns.give(shape, code === BRACE ? 'an object' : 'an array', '');
      }
      const after = this.columns.faults.length;
      this.at += 1;
      const inner = shape !== null && shape.members.size > 0 ? shape : null;
      const whole = code === BRACKET ? this.#array(depth + 1) : this.#object(inner, depth + 1);
      // What was found is known only now that it is read.
      if (whole && after > before) this.columns.sayFound(before, after, this.#text.slice(from, this.at));
      return whole;
    }
    if (code === 0x74) return this.#word('true', shape);
    if (code === 0x66) return this.#word('false', shape);
    if (code === 0x6e) return this.#word('null', null);
    const end = scanNumber(this.#text, this.at);
    if (end === this.at) return false;
    if (shape !== null) this.columns.give(shape, 'a number', this.#text.slice(this.at, end));
    this.at = end;
    return true;
  }

  #object(shape: Shape | null, depth: number): boolean {
    this.#space();
    if (this.#skip(BRACE_END)) return true;
    const names: string[] = [];
    let many: Set<string> | null = null;
    for (;;) {
      if (this.#text.charCodeAt(this.at) !== QUOTE) return false;
      const name = this.#string();
      if (name === null) return false;
      if (many === null ? names.includes(name) : many.has(name)) this.#duplicate = true;
      if (many !== null) many.add(name);
      else if (names.push(name) > FEW_MEMBERS) many = new Set(names);
      this.#space();
      if (!this.#skip(COLON)) return false;
      this.#space();
      const member = shape === null ? null : (shape.members.get(name) ?? this.columns.unknown(shape, name));
      if (!this.#value(member, depth)) return false;
      this.#space();
      if (this.#skip(BRACE_END)) return true;
      if (!this.#skip(COMMA)) return false;
      this.#space();
    }
  }

  #array(depth: number): boolean {
    this.#space();
    if (this.#skip(BRACKET_END)) return true;
    for (;;) {
      this.#space();
      if (!this.#value(null, depth)) return false;
      this.#space();
      if (this.#skip(BRACKET_END)) return true;
      if (!this.#skip(COMMA)) return false;
    }
  }

  #word(word: string, shape: Shape | null): boolean {
    if (!this.#text.startsWith(word, this.at)) return false;
    this.at += word.length;
    if (shape !== null) this.columns.give(shape, 'true or false', word);
    return true;
  }

  #string(): string | null {
    const found = scanString(this.#text, this.at);
    if (found === null) return null;
    this.at = found.end;
    if (found.nul) this.#nul = true;
    if (found.surrogate) this.#surrogate = true;
    return found.text;
  }

  #skip(code: number): boolean {
    if (this.#text.charCodeAt(this.at) !== code) return false;
    this.at += 1;
    return true;
  }

  #space(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) return;
      this.at += 1;
    }
  }
}
