import type { RecordsIn } from '../contract/index.ts';
import { type FoundText, type Malformed, type Members, membersOf } from './found-text.ts';
import { readJson } from './json.ts';
import { type JsonOptions, type JsonRead, readJsonLines } from './json-lines.ts';
import type { JsonColumn } from './json-shape.ts';
import { type FaultCode, RAW_TEXT_BYTES, type RecordSink } from './record.ts';
import { rekognitionLines } from './rekognition.ts';
import { textractPairs } from './textract.ts';

/** How the results of an analysis are found in a JSON object. */
type Analysis = Exclude<RecordsIn, { kind: 'xml' }>;

/**
 * Reads results of document analysis: JSON objects, each with one result. Every pair or line in it is a record; a
 * result that cannot be read, or in which nothing was found, is one broken record: somebody has to look at the document.
 */
export async function readExtraction(
  format: 'json' | 'jsonl',
  path: string,
  columns: readonly JsonColumn[],
  analysis: Analysis,
  options: JsonOptions,
  sink: RecordSink,
): Promise<JsonRead> {
  const members = columns.filter((column) => !column.path?.startsWith('$'));
  const records = new Extraction(columns, analysis, sink);
  const read = await (format === 'json' ? readJson : readJsonLines)(path, members, options, records);
  const extra = read.extra.filter((name) => name !== (analysis.at ?? RESULT[analysis.kind]).split('.')[0]);
  return { ...read, records: records.count, extra };
}

const RESULT = { textract: 'Blocks', rekognition: 'TextDetections' } as const;

/** Takes one JSON object after the other, gives a record for each thing found. */
class Extraction implements RecordSink {
  count = 0;
  readonly #columns: readonly JsonColumn[];
  readonly #analysis: Analysis;
  readonly #sink: RecordSink;

  constructor(columns: readonly JsonColumn[], analysis: Analysis, sink: RecordSink) {
    this.#columns = columns;
    this.#analysis = analysis;
    this.#sink = sink;
  }

  record(...[, values, faults, rawText = '']: Parameters<RecordSink['record']>): void {
    const found = this.#found(rawText);
    if ('malformed' in found) return this.#broken('not_an_analysis', found.malformed, rawText);
    if (found.length === 0) return this.#broken('nothing_found', 'found nothing in the document', rawText);
    for (const one of found) {
      if ('malformed' in one) this.#broken('broken_pair', one.malformed, rawText);
      else this.#sink.record(++this.count, this.#row(one, values), faults);
    }
  }

  fault(_number: number, code: FaultCode, detail: string, rawText: string): void {
    this.#sink.fault(++this.count, code, detail, rawText);
  }

  #broken(code: FaultCode, detail: string, rawText: string): void {
    this.#sink.fault(++this.count, code, detail, rawText.slice(0, RAW_TEXT_BYTES));
  }

  /** The object was read strictly before, so nothing in it is ambiguous. */
  #found(rawText: string): readonly (FoundText | Malformed)[] | Malformed {
    const { at, kind } = this.#analysis;
    let result: Members | null = membersOf(JSON.parse(rawText));
    for (const name of at?.split('.') ?? []) result = membersOf(result?.[name]);
    if (result === null) return { malformed: `found no object at ${at}` };
    return kind === 'textract' ? textractPairs(result) : rekognitionLines(result);
  }

  #row({ id, page, key, value, confidence }: FoundText, values: readonly (string | null)[]): (string | null)[] {
    const parts = new Map(Object.entries({ $id: id, $page: page, $key: key, $value: value, $confidence: confidence }));
    let next = 0;
    return this.#columns.map(({ path }) => {
      if (path?.startsWith('$')) return parts.get(path) || null;
      next += 1;
      return values[next - 1] ?? null;
    });
  }
}
