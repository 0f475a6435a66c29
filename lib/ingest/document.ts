import type { RecordsIn } from '../contract/index.ts';
import type { RawFormat } from './discover.ts';
import { RefusedFile } from './errors.ts';
import { readExtraction } from './extraction.ts';
import { readJson } from './json.ts';
import { type JsonOptions, type JsonRead, readJsonLines } from './json-lines.ts';
import type { JsonColumn } from './json-shape.ts';
import type { RecordSink } from './record.ts';
import { readWebLog } from './web-log.ts';
import { readXml } from './xml.ts';

/** The formats whose records name their values, so that no header is needed. */
export type DocumentFormat = Extract<RawFormat, 'json' | 'jsonl' | 'xml' | 'log'>;

/**
 * Reads a file of such records into numbered records and faults. When it throws, the records that the sink got are void.
 * @throws RefusedFile when the file cannot be taken as a whole.
 */
export async function readDocument(
  format: DocumentFormat,
  path: string,
  columns: readonly JsonColumn[],
  records: RecordsIn | null,
  options: JsonOptions,
  sink: RecordSink,
): Promise<JsonRead> {
  if (format === 'log') return readWebLog(path, columns, options, sink);
  if (format === 'xml') {
    if (records?.kind === 'xml') return readXml(path, columns, records, options, sink);
    throw new RefusedFile('no_record_element', options.path ?? path, NO_ELEMENT);
  }
  if (records !== null && records.kind !== 'xml') return readExtraction(format, path, columns, records, options, sink);
  return (format === 'json' ? readJson : readJsonLines)(path, columns, options, sink);
}

const NO_ELEMENT = 'the contract does not say which element is a record; give it records: xmlElements(path, namespace)';
