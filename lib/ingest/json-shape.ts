import type { ColumnType } from '../contract/index.ts';
import type { ColumnFault } from './record.ts';

/** A column of the contract, and where its value stands in a JSON record. */
export interface JsonColumn {
  readonly name: string;
  /** Dotted path of members (`client.name`); null means the column's own name. */
  readonly path: string | null;
  readonly type: ColumnType;
  /** Empty text is a fault, not a missing value. */
  readonly lenient?: boolean;
}

/** What a place in a JSON record is for: columns that want its value, and members that lead to more columns. */
export interface Shape {
  readonly path: string;
  /** Indexes of the columns that stand right here. */
  readonly columns: number[];
  /** Indexes of the columns that stand somewhere below. */
  readonly below: number[];
  readonly members: Map<string, Shape>;
}

/** The kinds of JSON values, as messages name them. */
export type JsonKind = 'a string' | 'a number' | 'true or false' | 'an object' | 'an array';

const shape = (path: string): Shape => ({ path, columns: [], below: [], members: new Map() });

/** The columns as a tree of members. */
export function shapeOf(columns: readonly JsonColumn[]): Shape {
  const root = shape('');
  columns.forEach((column, index) => {
    let node = root;
    for (const member of (column.path ?? column.name).split('.')) {
      node.below.push(index);
      const next = node.members.get(member) ?? shape(node.path === '' ? member : `${node.path}.${member}`);
      node.members.set(member, next);
      node = next;
    }
    node.columns.push(index);
  });
  return root;
}

/** The JSON kind that a column's value must have. */
export function wantedKind(type: ColumnType): JsonKind {
  switch (type.kind) {
    case 'integer':
    case 'decimal':
      return 'a number';
    case 'boolean':
      return 'true or false';
    default:
      return 'a string';
  }
}

/** The faults of the columns at and below a place whose value has the wrong kind. */
export function typeFaults(columns: readonly JsonColumn[], at: Shape, found: JsonKind, text: string): ColumnFault[] {
  const fault = (index: number, expected: JsonKind): ColumnFault => ({
    column: columns[index]?.name ?? '',
    code: 'json_type',
    detail: `found ${found} at ${at.path}, expected ${expected}`,
    found: text,
  });
  const here = at.columns.flatMap((index) => {
    const wanted = wantedKind(columns[index]?.type ?? { kind: 'text' });
    return wanted === found ? [] : [fault(index, wanted)];
  });
  return found === 'an object' ? here : [...here, ...at.below.map((index) => fault(index, 'an object'))];
}
