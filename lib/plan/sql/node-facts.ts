import { fieldsOf, type Node, textOf } from './tree.ts';

/** The type that a cast is to: `bigint`, `date`, … */
export const castType = (node: Node | null): string | null =>
  node?.kind === 'cast' ? textOf(fieldsOf(node.fields.to).data_type) : null;

/** The name of a function, also of one that the parser has a node for. */
export const functionName = (node: Node | null): string =>
  (node?.kind === 'function' ? textOf(node.fields.name)?.toLowerCase() : node?.kind) ?? '';
