const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ZERO = 0x30;
const NINE = 0x39;

/** A JSON string that was read. */
interface ScannedString {
  text: string;
  /** Behind the closing quote. */
  end: number;
  /** It holds U+0000. */
  nul: boolean;
  /** It holds half of a surrogate pair, which is no character. */
  surrogate: boolean;
}

const scanned: ScannedString = { text: '', end: 0, nul: false, surrogate: false };

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Reads the string that opens at `at`; null when it is no JSON string. The result is reused by the next call. */
export function scanString(text: string, at: number): ScannedString | null {
  let end = at + 1;
  let escaped = false;
  for (;;) {
    const code = text.charCodeAt(end);
    if (code === QUOTE) break;
    // NaN, the end of the text, is not greater either.
    if (!(code >= 0x20)) return null;
    if (code === BACKSLASH) {
      escaped = true;
      end += 1;
    }
    end += 1;
  }
  const raw = text.slice(at + 1, end);
  const value = escaped ? unescaped(raw) : raw;
  if (value === null) return null;
  scanned.text = value;
  scanned.end = end + 1;
  // The bytes were valid UTF-8 and held no control characters, so only an escape can bring either in.
  scanned.nul = escaped && value.includes('\0');
  scanned.surrogate = escaped && /\p{Surrogate}/u.test(value);
  return scanned;
}

function unescaped(raw: string): string | null {
  let value = '';
  let from = 0;
  for (;;) {
    const at = raw.indexOf('\\', from);
    if (at < 0) return value + raw.slice(from);
    value += raw.slice(from, at);
    const letter = raw[at + 1] ?? '';
    if (letter === 'u') {
      const digits = raw.slice(at + 2, at + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) return null;
      value += String.fromCharCode(Number.parseInt(digits, 16));
      from = at + 6;
    } else {
      const character = ESCAPES[letter];
      if (character === undefined) return null;
      value += character;
      from = at + 2;
    }
  }
}

/** Where the JSON number ends that begins at `at`; `at` itself when there is none. */
export function scanNumber(text: string, at: number): number {
  const sign = text.charCodeAt(at) === 0x2d ? at + 1 : at;
  let end = digits(text, sign);
  if (end === sign || (text.charCodeAt(sign) === ZERO && end > sign + 1)) return at;
  if (text.charCodeAt(end) === 0x2e) {
    const fraction = digits(text, end + 1);
    if (fraction === end + 1) return at;
    end = fraction;
  }
  const code = text.charCodeAt(end);
  if (code === 0x65 || code === 0x45) {
    const next = text.charCodeAt(end + 1);
    const from = next === 0x2b || next === 0x2d ? end + 2 : end + 1;
    const exponent = digits(text, from);
    return exponent === from ? at : exponent;
  }
  return end;
}

function digits(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (!(code >= ZERO && code <= NINE)) return at;
    at += 1;
  }
}
