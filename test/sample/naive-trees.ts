import type { Columns, LoadedDataset } from '../../lib/contract/index.ts';
import type { RawRecord } from './naive-read.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&quot;': '"', '&#9;': '\t', '&amp;': '&' };
const plain = (text: string): string => text.replace(/&[a-z#0-9]+;/g, (entity) => ENTITIES[entity] ?? entity);

/** Values by path; a path that was given twice, or holds elements, is bad. */
class Found {
  readonly values = new Map<string, string>();
  readonly bad = new Set<string>();

  give(path: string, value: string): void {
    if (this.values.has(path)) this.bad.add(path);
    this.values.set(path, plain(value));
  }

  clear(below = ''): void {
    for (const known of [this.values, this.bad])
      for (const path of [...known.keys()]) if (path.startsWith(below)) known.delete(path);
  }
}

/** XML as samples write it, tag by tag: records by the paths of the contract, null for one with a bad value. */
export function xmlRecords(bytes: Buffer, contract: LoadedDataset<Columns>): RawRecord[] {
  const { records: place, row } = contract;
  if (place?.kind !== 'xml') throw new Error(`${contract.name} is no XML`);
  const wanted = new Set(Object.entries(row).map(([name, { facts }]) => facts.path ?? name));
  const records: RawRecord[] = [];
  const [head, own] = [new Found(), new Found()];
  const open: { name: string; text: string; elements: number }[] = [];
  const at = (): string => open.map(({ name }) => name).join('.');
  const pathOf = (): string =>
    `${at()}.`.startsWith(`${place.record}.`) ? at().slice(place.record.length + 1) : `/${at()}`;
  const into = (path: string): Found => (path.startsWith('/') ? head : own);

  for (const [token] of bytes.toString('utf8').matchAll(/<[^>]*>|[^<]+/g)) {
    if (token.startsWith('<?')) continue;
    const parent = open.at(-1);
    if (!token.startsWith('<')) {
      if (parent) parent.text += token;
      continue;
    }
    if (!token.startsWith('</')) {
      if (parent) parent.elements++;
      open.push({ name: /^<([\w-]+)/.exec(token)?.[1] ?? '', text: '', elements: 0 });
      if (place.record.startsWith(`${at()}.`)) head.clear(`/${at()}.`);
      if (at() === place.record) own.clear();
      for (const [, name, value = ''] of token.matchAll(/ (\w+)="([^"]*)"/g)) {
        const path = [...(pathOf() === '' ? [] : [pathOf()]), `@${name}`].join('.');
        if (wanted.has(path)) into(path).give(path, value);
      }
    }
    if (token.startsWith('</') || token.endsWith('/>')) {
      const path = pathOf();
      const isRecord = at() === place.record;
      const closed = open.pop();
      if (wanted.has(path)) into(path).give(path, closed?.text ?? '');
      if (wanted.has(path) && (closed?.elements ?? 0) > 0) into(path).bad.add(path);
      if (!isRecord) continue;
      const bad = head.bad.size + own.bad.size > 0;
      records.push(bad ? null : Object.fromEntries([...head.values, ...own.values]));
    }
  }
  return records;
}

interface Block {
  Id: string;
  BlockType: string;
  Text?: string;
  EntityTypes?: string[];
  Page?: number;
  Confidence: number | null;
  Relationships?: { Type: string; Ids: string[] }[];
}

/** What was found in each document, with what is said of the document; a document that is no record is one null. */
export function analysisRecords(documents: readonly RawRecord[], contract: LoadedDataset<Columns>): RawRecord[] {
  return documents.flatMap((document): RawRecord[] => {
    if (document === null) return [null];
    const { analysis, ...about } = document;
    return (contract.records?.kind === 'textract' ? pairs(analysis) : lines(analysis)).map((found) => ({
      ...about,
      ...found,
    }));
  });
}

const certain = (values: readonly (number | null)[]) =>
  values.includes(null) ? null : Math.floor(Math.min(...values.map(Number)) * 100) / 100;

function pairs(analysis: unknown) {
  const { Blocks } = analysis as { Blocks: Block[] };
  const by = new Map(Blocks.map((block) => [block.Id, block]));
  const related = (block: Block, type: string): Block[] =>
    (block.Relationships ?? [])
      .filter(({ Type }) => Type === type)
      .flatMap(({ Ids }) => Ids.flatMap((id) => by.get(id) ?? []));
  return Blocks.filter(({ EntityTypes }) => EntityTypes?.includes('KEY')).map((key) => {
    const values = related(key, 'VALUE');
    const parts = [key, ...values].flatMap((half) => [half, ...related(half, 'CHILD')]);
    const text = (halves: readonly Block[]) =>
      halves.flatMap((half) => related(half, 'CHILD').map(({ Text }) => Text)).join(' ');
    return {
      $id: key.Id,
      $page: key.Page,
      $key: text([key]),
      $value: text(values),
      $confidence: certain(parts.map(({ Confidence }) => Confidence)),
    };
  });
}

function lines(analysis: unknown) {
  const { TextDetections } = analysis as {
    TextDetections: { Type: string; Id: number; DetectedText: string | null; Confidence: number | null }[];
  };
  return TextDetections.filter(({ Type }) => Type === 'LINE').map(({ Id, DetectedText, Confidence }) => ({
    $id: Id,
    $value: DetectedText,
    $confidence: certain([Confidence]),
  }));
}
