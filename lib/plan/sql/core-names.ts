import { CORE_FUNCTIONS, CORE_TYPES } from './core-functions.ts';
import { CORE_JOINS, CORE_NODES, CORE_PARTS, CORE_TRUNCATIONS, CORE_UNITS, NOTATION } from './core-tree.ts';
import { planFunctions } from './macros.ts';
import { castType, functionName } from './node-facts.ts';
import { realName } from './stand-in.ts';
import { empty, fieldsOf, type Json, listOf, type Node, nodeOf, parseStatement, textOf, walk } from './tree.ts';

/** What kind of thing a name of the portable core is. */
export type CoreKind = 'function' | 'macro' | 'type' | 'construct' | 'join' | 'unit' | 'truncation';

/** Names of the portable core, by kind. A construct's options are names of their own: `case.operand`. */
export type CoreNames = Readonly<Record<CoreKind, ReadonlySet<string>>>;

const options = (listed: Readonly<Record<string, string>>): string[] =>
  Object.entries(listed).flatMap(([kind, fields]) =>
    fields.split(' ').map((field) => (field === '' ? kind : `${kind}.${field}`)),
  );

/** Everything that the lint lets a select use. */
export const CORE_NAMES: CoreNames = {
  function: new Set(CORE_FUNCTIONS.map(({ name }) => name)),
  macro: new Set(planFunctions),
  type: new Set(Object.keys(CORE_TYPES)),
  construct: new Set([...options(CORE_NODES), ...options(CORE_PARTS)]),
  join: new Set(CORE_JOINS),
  unit: new Set(CORE_UNITS),
  truncation: new Set(CORE_TRUNCATIONS),
};

/** The names of the core that a select uses. @throws SqlError when it does not parse. */
export function namesUsed(text: string): CoreNames {
  const used: Record<CoreKind, Set<string>> = {
    function: new Set(),
    macro: new Set(),
    type: new Set(),
    construct: new Set(),
    join: new Set(),
    unit: new Set(),
    truncation: new Set(),
  };
  const statement = parseStatement(text, 'sql');
  walk({ [statement.kind]: statement.fields }, (node) => addNode(node, used));
  return used;
}

function addNode(node: Node, used: Record<CoreKind, Set<string>>): void {
  const { kind, fields } = node;
  addFields(kind, fields, used);
  for (const path of Object.keys(CORE_PARTS)) {
    const part = path.split('.').reduce<Json>((value, name) => fieldsOf(value)[name], fields);
    for (const item of Array.isArray(part) ? listOf(part) : [part]) addFields(path, item, used);
  }
  const name = functionName(node);
  const called = SPELLED[name] ?? realName(name);
  for (const each of ['function', 'macro'] as const) if (CORE_NAMES[each].has(called)) used[each].add(called);
  const type = castType(node);
  if (type !== null) used.type.add(SPELLED[type] ?? type);
  for (const join of listOf(fields.joins)) used.join.add(textOf(fieldsOf(join).kind) ?? '');
  if (kind === 'interval') used.unit.add((textOf(fieldsOf(fields.unit).unit) ?? '').toLowerCase());
  if (name === 'date_trunc') used.truncation.add(textOf(nodeOf(listOf(fields.args)[0])?.fields.value) ?? '');
}

/** What the parser calls by another name. */
const SPELLED: Readonly<Record<string, string>> = { substring: 'substr', big_int: 'bigint', var_char: 'varchar' };

function addFields(kind: string, fields: Json, used: Record<CoreKind, Set<string>>): void {
  const filled = Object.entries(fieldsOf(fields)).filter(([name, value]) => !NOTATION.has(name) && !empty(value));
  if (CORE_NODES[kind] === '') used.construct.add(kind);
  for (const [name] of filled) used.construct.add(`${kind}.${name}`);
}
