import type { FaultCode } from './record.ts';

/** What is known about a broken CSV record. */
interface Circumstances {
  /** Where reading stopped, counted from 1. */
  readonly at: number;
  /** How many fields were found. */
  readonly count: number;
  /** The header. */
  readonly names: readonly string[];
  readonly maxRecordBytes: number;
}

/** A fault of a CSV record in words: found against expected. */
export function faultDetail(code: FaultCode, { at, count, names, maxRecordBytes }: Circumstances): string {
  switch (code) {
    case 'unclosed_quote':
      return 'a quote opens and never closes';
    case 'text_after_quote':
      return `found text after a closing quote (byte ${at} of the record), expected a comma or the end of the line`;
    case 'quote_in_text':
      return `found a quote inside an unquoted field (byte ${at} of the record); quote the field and write "" for a quote`;
    case 'record_too_long':
      return `found no end of the record within ${maxRecordBytes} bytes`;
    case 'nul':
      return 'found a NUL byte';
    case 'invalid_utf8':
      return 'found bytes that are not UTF-8';
    case 'lone_cr':
      return 'found a carriage return without line feed outside quotes';
    default:
      return `found ${count} fields, expected ${names.length} (${names.join(', ')})`;
  }
}
