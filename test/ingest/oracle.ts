import type { Reading } from './harness.ts';

const QUOTED = /"((?:[^"]|"")*)"(?!")/y;
const TEXT = /(?:[^",\r\n]|\r(?!\n))*/y;
const END = /\r?\n|$/y;
const LONE_CR = /\r/;

type Split = { stop: number } & ({ code: string } | { next: number; fields: string[]; loneCr: boolean });

/**
 * The specification again, slowly: the whole file as a string of bytes, cut by regular expressions. `null` when the
 * header refuses the file.
 */
export function oracle(file: Buffer, maxBytes: number): Reading | null {
  const text = file.toString('latin1').replace(/^\u00ef\u00bb\u00bf/, '');
  let at = 0;
  let blanks = 0;
  const skipBlanks = () => {
    for (let end = match(END, text, at); end !== null && end[0] !== ''; end = match(END, text, at)) {
      blanks += 1;
      at += end[0].length;
    }
  };
  skipBlanks();
  if (at === text.length) return null;
  const head = split(text, at);
  const header =
    'code' in head || fault(text.slice(at, head.stop), head) ? null : head.fields.map((f) => utf8(f) ?? '');
  if ('code' in head || header === null || new Set(header).size < header.length) return null;
  at = head.next;
  const reading: Reading = { header, records: [], faults: [], blanks };
  for (let number = 1; ; number += 1) {
    skipBlanks();
    if (at === text.length) return { ...reading, blanks };
    const found = split(text, at);
    const spoilt = found.stop - at > maxBytes ? 'record_too_long' : 'code' in found ? found.code : null;
    if (spoilt !== null || 'code' in found) {
      reading.faults.push({ number, code: spoilt ?? '' });
      const lf = text.indexOf('\n', at);
      at = lf < 0 ? text.length : lf + 1;
      continue;
    }
    const code = fault(text.slice(at, found.stop), found) ?? ragged(found.fields.length, header.length);
    if (code !== null) reading.faults.push({ number, code });
    else reading.records.push({ number, fields: found.fields.map((field) => utf8(field) || null) });
    at = found.next;
  }
}

function split(text: string, start: number): Split {
  const fields: string[] = [];
  let loneCr = false;
  for (let at = start; ; at += 1) {
    if (text[at] === '"') {
      const quoted = match(QUOTED, text, at);
      if (quoted === null) return { code: 'unclosed_quote', stop: text.length };
      at += quoted[0].length;
      fields.push((quoted[1] ?? '').split('""').join('"'));
      if (text[at] !== ',' && match(END, text, at) === null) return { code: 'text_after_quote', stop: at };
    } else {
      const field = match(TEXT, text, at)?.[0] ?? '';
      at += field.length;
      fields.push(field);
      loneCr ||= LONE_CR.test(field);
      if (text[at] === '"') return { code: 'quote_in_text', stop: at };
    }
    const end = match(END, text, at);
    if (end !== null) return { stop: at, next: at + end[0].length, fields, loneCr };
  }
}

function fault(record: string, { loneCr }: { loneCr: boolean }): string | null {
  if (record.includes('\0')) return 'nul';
  if (utf8(record) === null) return 'invalid_utf8';
  return loneCr ? 'lone_cr' : null;
}

function ragged(found: number, expected: number): string | null {
  return found === expected ? null : found < expected ? 'too_few_fields' : 'too_many_fields';
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function utf8(bytes: string): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(bytes, 'latin1'));
  } catch {
    return null;
  }
}
