import { type FoundText, leastCertain, type Malformed, type Members, objectsIn, textOf } from './found-text.ts';

/** A block of an analysis: a page, a line, a word, half of a key-value pair. */
interface Block {
  readonly type: string;
  readonly members: Members;
  /** Ids by kind of relationship: CHILD, VALUE. */
  readonly related: ReadonlyMap<string, readonly string[]>;
}

/** The key-value pairs in a Textract result, in the order of its blocks; each may be malformed by itself. */
export function textractPairs(result: Members): readonly (FoundText | Malformed)[] | Malformed {
  const listed = objectsIn(result.Blocks);
  if (listed === null) return { malformed: 'found no Blocks, an array of objects' };
  const blocks = new Map<string, Block>();
  for (const members of listed) {
    const id = textOf(members.Id);
    const type = textOf(members.BlockType);
    const related = relationships(members.Relationships);
    if (id === null || type === null || related === null) {
      return { malformed: 'found a block without Id, BlockType or with Relationships of another form' };
    }
    if (blocks.has(id)) return { malformed: `found two blocks with the Id ${id.slice(0, 60)}` };
    blocks.set(id, { type, members, related });
  }
  const keys = [...blocks].filter(([, { type, members }]) => type === 'KEY_VALUE_SET' && isKey(members));
  return keys.map(([id, block]) => pair(id, block, blocks));
}

const isKey = ({ EntityTypes }: Members): boolean => Array.isArray(EntityTypes) && EntityTypes.includes('KEY');

function relationships(value: unknown): Block['related'] | null {
  if (value === undefined || value === null) return new Map();
  const found = new Map<string, string[]>();
  for (const { Type, Ids } of objectsIn(value) ?? [{}]) {
    if (typeof Type !== 'string' || !Array.isArray(Ids) || !Ids.every((id) => typeof id === 'string')) return null;
    found.set(Type, [...(found.get(Type) ?? []), ...Ids]);
  }
  return found;
}

function pair(id: string, key: Block, blocks: ReadonlyMap<string, Block>): FoundText | Malformed {
  const halves = [key];
  for (const at of key.related.get('VALUE') ?? []) {
    const value = blocks.get(at);
    if (value === undefined) return { malformed: `the key ${id} has the value ${at}, which is no block` };
    halves.push(value);
  }
  const certain: unknown[] = [];
  const texts: string[] = [];
  for (const half of halves) {
    certain.push(half.members.Confidence);
    const words: string[] = [];
    for (const at of half.related.get('CHILD') ?? []) {
      const word = blocks.get(at);
      const text = word && textOf(word.type === 'SELECTION_ELEMENT' ? word.members.SelectionStatus : word.members.Text);
      if (word === undefined || text === null || text === undefined) {
        return { malformed: `the pair ${id} has the child ${at}, which is no word` };
      }
      certain.push(word.members.Confidence);
      words.push(text);
    }
    texts.push(words.join(' '));
  }
  const page = key.members.Page;
  return {
    id,
    page: typeof page === 'number' ? String(page) : '1',
    key: texts[0] || null,
    value: texts.slice(1).join(' ') || null,
    confidence: leastCertain(certain),
  };
}
