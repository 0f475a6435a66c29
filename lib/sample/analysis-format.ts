import { jsonFormat } from './json-format.ts';
import type { Spoil, TextFormat } from './text-format.ts';
import type { Cells, FileStyle, SampleColumn } from './types.ts';

/** What stands in an analysis, by the path of its column. */
type Found = Readonly<Record<string, string | null>>;

const WORDS = 100;
const asNumber = (confidence: string | null): number | null => (confidence === null ? null : Number(confidence));

/** A key-value pair as Textract's blocks: the value is as certain as the pair is to be. */
function textractBlocks(found: Found): readonly unknown[] {
  const id = found.$id ?? '';
  const words = (text: string | null, part: string) =>
    (text ?? '')
      .split(' ')
      .filter((word) => word !== '')
      .map((Text, n) => ({ BlockType: 'WORD', Id: `${id}-${part}${n}`, Text, Confidence: WORDS }));
  const [keys, values] = [words(found.$key ?? null, 'k'), words(found.$value ?? null, 'v')];
  const half = (of: readonly { readonly Id: string }[]) => ({ Type: 'CHILD', Ids: of.map(({ Id }) => Id) });
  return [
    {
      BlockType: 'KEY_VALUE_SET',
      EntityTypes: ['KEY'],
      Id: id,
      Page: Number(found.$page ?? 1),
      Confidence: WORDS,
      Relationships: [{ Type: 'VALUE', Ids: [`${id}-v`] }, half(keys)],
    },
    {
      BlockType: 'KEY_VALUE_SET',
      EntityTypes: ['VALUE'],
      Id: `${id}-v`,
      Confidence: asNumber(found.$confidence ?? null),
      Relationships: [half(values)],
    },
    ...keys,
    ...values,
  ];
}

/** A line as Rekognition's detections: itself, and its first word. */
function rekognitionDetections(found: Found): readonly unknown[] {
  const [DetectedText, Id] = [found.$value ?? null, Number(found.$id)];
  const Confidence = asNumber(found.$confidence ?? null);
  return [
    { DetectedText, Type: 'LINE', Id, Confidence },
    { DetectedText: DetectedText?.split(' ')[0] ?? '', Type: 'WORD', Id: 1000 + Id, ParentId: Id, Confidence },
  ];
}

/** JSON lines of document analyses: records with equal members beside the result are of one document, so of one line. */
export function analysisFormat(
  columns: readonly SampleColumn[],
  style: FileStyle,
  kind: 'textract' | 'rekognition',
): TextFormat {
  const places = columns.flatMap(({ path }, at) => (path?.startsWith('$') ? [] : [at]));
  const members = places.flatMap((at) => columns[at] ?? []);
  const json = jsonFormat(members, { ...style, format: 'jsonl', note: false, blank: false });
  const inside = columns.flatMap(({ path }, at) => (path?.startsWith('$') ? [{ path, at }] : []));
  let document: string | null = null;
  let found: unknown[] = [];

  const result = (parts: readonly unknown[]): string =>
    JSON.stringify(
      kind === 'textract'
        ? { DocumentMetadata: { Pages: 1 }, Blocks: parts }
        : { TextDetections: parts, TextModelVersion: '3.0' },
    );
  const partsOf = (cells: Cells): readonly unknown[] => {
    const values = Object.fromEntries(inside.map(({ path, at }) => [path, cells[at] ?? null]));
    return kind === 'textract' ? textractBlocks(values) : rekognitionDetections(values);
  };
  const outside = (cells: Cells, spoil: Spoil | null): string => {
    const own = places.map((at) => cells[at] ?? null);
    const struck = spoil !== null && 'column' in spoil ? places.indexOf(spoil.column) : -1;
    const moved = spoil !== null && 'column' in spoil && struck >= 0 ? { ...spoil, column: struck } : null;
    return json.spoiled(own, moved).trimEnd();
  };
  const line = (members_: string, parts: readonly unknown[]): string =>
    `${members_.slice(0, -1)}${style.note ? ',"note":"scanned"' : ''},"analysis":${result(parts)}}`;
  const flush = (): string => {
    const text = document === null ? '' : `${line(document, found)}\n`;
    document = null;
    found = [];
    return text;
  };
  return {
    head: '',
    get tail() {
      return flush();
    },
    row: (cells) => {
      const own = outside(cells, null);
      const before = own === document ? '' : flush();
      document = own;
      found.push(...partsOf(cells));
      return before;
    },
    spoiled: (cells, spoil) => {
      const before = flush();
      const whole = line(outside(cells, spoil), partsOf(cells));
      return `${before}${spoil?.how === 'line' ? spoil.change(whole) : whole}\n`;
    },
  };
}
