import { CORE_JOINS, CORE_NODES, CORE_PARTS, NOTATION } from './core-tree.ts';
import {
  bare,
  empty,
  type Fields,
  fieldsOf,
  identifier,
  type Json,
  listOf,
  type Node,
  nodeOf,
  textOf,
} from './tree.ts';

/** A rule of the tree: what it has against a node, given the nodes around it (nearest last). */
export type TreeRule = (node: Node, around: readonly Node[]) => TreeComplaint | null;

/** A complaint about a part of the tree; without `part` it is about the node. */
export interface TreeComplaint {
  readonly code: string;
  readonly message: string;
  readonly suggestion: string;
  readonly part?: Json;
}

/** Refuses every construct that is not listed, and every option of a listed one that is not. */
export const onlyListed: TreeRule = (node) => {
  const listed = LISTED.get(node.kind);
  const suggestion = 'Use what lib/plan/sql/core-tree.ts lists.';
  if (listed === undefined) {
    return { code: 'construct', message: `${node.kind} is not in the portable core.`, suggestion };
  }
  const option = unlisted(node.fields, listed) ?? (PARTED.has(node.kind) ? unlistedPart(node.fields) : undefined);
  if (option === undefined) return null;
  return { code: 'construct', message: `${option} of ${node.kind} is not in the portable core.`, suggestion };
};

const LISTED = new Map(Object.entries(CORE_NODES).map(([kind, listed]) => [kind, new Set(listed.split(' '))]));
const PARTS = Object.entries(CORE_PARTS).map(
  ([path, listed]) => [path.split('.'), new Set(listed.split(' '))] as const,
);
const PARTED = new Set(['select', 'union', 'except', 'intersect', 'window_function']);

const unlisted = (fields: Fields, listed: ReadonlySet<string>): string | undefined =>
  Object.keys(fields).find((name) => !empty(fields[name]) && !NOTATION.has(name) && !listed.has(name));

/** The first option in a part of a query (an item of `joins`, of `over.order_by`, …) that is not listed. */
function unlistedPart(fields: Fields): string | undefined {
  for (const [path, listed] of PARTS) {
    const part = path.reduce<Json>((value, name) => fieldsOf(value)[name], fields);
    const items = Array.isArray(part) ? listOf(part) : [part];
    const found = items.map((item) => unlisted(fieldsOf(item), listed)).find((name) => name !== undefined);
    if (found !== undefined) return `${found} in ${path.join('.')}`;
  }
  return undefined;
}

const JOINS = new Set<string>(CORE_JOINS);

/** Joins with a condition, spelled out: inner, left, full, cross. */
export const explicitJoins: TreeRule = ({ kind, fields }) => {
  if (kind !== 'select') return null;
  for (const join of listOf(fields.joins).map(fieldsOf)) {
    const how = textOf(join.kind) ?? '';
    if (!JOINS.has(how)) {
      const suggestion = how === 'Right' ? 'Swap the tables and write left join.' : 'Write join … on, or cross join.';
      return { code: 'join', message: `A join of kind ${how.toLowerCase()}.`, suggestion, part: join.this };
    }
    if (how !== 'Cross' && empty(join.on)) {
      return { code: 'join', message: 'A join without on.', suggestion: 'Write on a.x = b.x.', part: join.this };
    }
    if (how === 'Full' && !equalities(join.on)) {
      const suggestion = 'Join on equal columns, or write name.redshift.sql beside the model.';
      return { code: 'redshift', message: 'Redshift joins full on equality only.', suggestion, part: join.this };
    }
  }
  return listOf(fieldsOf(fields.from).expressions).length > 1
    ? { code: 'join', message: 'A join by comma.', suggestion: 'Write join … on, or cross join.', part: fields.from }
    : null;
};

function equalities(condition: Json): boolean {
  const node = bare(condition);
  if (node?.kind === 'and') return equalities(node.fields.left) && equalities(node.fields.right);
  return node?.kind === 'eq';
}

/** Tables and steps have their alias with `as`; a column is not qualified by the name of a table without one. */
export const namedTables: TreeRule = ({ kind, fields }) => {
  if ((kind === 'table' || kind === 'alias' || kind === 'subquery') && !empty(fields.alias)) {
    if (fields.alias_explicit_as === true) return null;
    const message = `${identifier(fields.alias)} looks like a slip: an alias without as.`;
    return { code: 'alias', message, suggestion: 'Write as before it.', part: fields.alias };
  }
  if (kind !== 'select') return null;
  const tables = [...listOf(fieldsOf(fields.from).expressions), ...joined(fields)];
  const nameless = tables.map(nodeOf).find((table) => table?.kind === 'table' && unaliased(table.fields, fields));
  const message = `Columns are qualified by ${identifier(nameless?.fields.name)}, whose name changes per engine.`;
  return nameless ? { code: 'alias', message, suggestion: 'Give the table an alias.', part: nameless.fields } : null;
};

const joined = (select: Fields): readonly Json[] => listOf(select.joins).map((join) => fieldsOf(join).this);

function unaliased(table: Fields, select: Fields): boolean {
  const name = identifier(table.name);
  if (!empty(table.alias) || empty(table.schema) || name === null) return false;
  return JSON.stringify(select).includes(`"table":{"name":${JSON.stringify(name)}`);
}
