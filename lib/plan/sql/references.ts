import { fieldsOf, identifier, type Json, listOf, type Node, nodeOf, startOf } from './tree.ts';

/** A table named in `from` or `join` that is not a step of the statement itself. */
export interface Reference {
  readonly catalog: string | null;
  readonly schema: string | null;
  readonly name: string;
  /** Where the whole name stands in the text. */
  readonly start: number;
  readonly end: number;
}

/** `base.purchase`, or the bare name; in lower case, since names know no case on any engine. */
export const qualifiedName = (reference: Reference): string =>
  [reference.catalog, reference.schema, reference.name]
    .filter((part) => part !== null)
    .join('.')
    .toLowerCase();

/**
 * Every table read anywhere in the statement, in the order of the tree. A step (CTE) hides a table of its name where it
 * is in scope: in the steps after it, in the body, in subqueries; in itself only when recursive.
 */
export function references(statement: Node): readonly Reference[] {
  const found: Reference[] = [];
  visit({ [statement.kind]: statement.fields }, new Set(), found);
  return found;
}

function visit(value: Json, scope: ReadonlySet<string>, found: Reference[]): void {
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) visit(item, scope, found);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const node = nodeOf(value);
  if (node?.kind === 'table') {
    const reference = tableReference(node);
    if (reference.schema !== null || !scope.has(reference.name.toLowerCase())) found.push(reference);
  }
  const fields = node?.fields ?? fieldsOf(value);
  const inner = stepsOf(fields).length > 0 ? visitSteps(fields, scope, found) : scope;
  for (const name in fields) if (name !== 'with' && name !== 'span') visit(fields[name], inner, found);
}

/** The steps of a `with` clause. */
export const stepsOf = (fields: Fields): readonly Fields[] => listOf(fieldsOf(fields.with).ctes).map(fieldsOf);

type Fields = ReturnType<typeof fieldsOf>;

function visitSteps(fields: Fields, outer: ReadonlySet<string>, found: Reference[]): ReadonlySet<string> {
  const scope = new Set(outer);
  const recursive = fieldsOf(fields.with).recursive === true;
  for (const step of stepsOf(fields)) {
    const name = (identifier(step.alias) ?? '').toLowerCase();
    if (recursive) scope.add(name);
    visit(step.this, scope, found);
    scope.add(name);
  }
  return scope;
}

function tableReference({ fields }: Node): Reference {
  const parts = [fields.catalog, fields.schema, fields.name];
  const end = fieldsOf(fieldsOf(fields.name).span).end;
  const start = Math.min(...parts.map((part) => startOf(part, Number.POSITIVE_INFINITY)));
  return {
    catalog: identifier(fields.catalog),
    schema: identifier(fields.schema),
    name: identifier(fields.name) ?? '',
    start,
    end: typeof end === 'number' ? end : start,
  };
}
