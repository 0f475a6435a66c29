import type { PlacedComplaint } from './finding.ts';
import { nearest } from './nearest.ts';
import { qualifiedName, type Reference, references } from './references.ts';
import { fieldsOf, identifier, type Json, listOf, type Node, nodeOf, startOf, walk } from './tree.ts';

/** Known tables by qualified name, each with its columns; an empty list means that they are not known. */
export type Catalog = Readonly<Record<string, readonly string[]>>;

/** Tables are qualified and known, and so are the columns that name their table. */
export function lintNames(statement: Node, tables: Catalog | undefined): readonly PlacedComplaint[] {
  const found = references(statement).flatMap((reference) => lintTable(reference, tables));
  if (tables === undefined) return found;
  walk({ [statement.kind]: statement.fields }, (node) => {
    if (node.kind === 'select') found.push(...lintColumns(node, tables));
  });
  return found;
}

function lintTable(reference: Reference, tables: Catalog | undefined): PlacedComplaint[] {
  const name = qualifiedName(reference);
  const at = reference.start;
  if (reference.catalog !== null || reference.schema === null) {
    const suggestion = tables ? nearest(reference.name, Object.keys(tables)) : 'Write layer.table, as base.purchase.';
    return [{ at, code: 'unqualified', message: `${name} is neither a step nor layer.table.`, suggestion }];
  }
  if (tables === undefined || Object.hasOwn(tables, name)) return [];
  const suggestion = nearest(name, Object.keys(tables));
  return [{ at, code: 'unknown-table', message: `No table is called ${name}.`, suggestion }];
}

/** Judges columns like `p.amount` in the select where `p` is made, correlated subqueries included. */
function lintColumns(select: Node, tables: Catalog): PlacedComplaint[] {
  const { from, joins } = select.fields;
  const sources = [...listOf(fieldsOf(from).expressions), ...listOf(joins).map((join) => fieldsOf(join).this)];
  const columns = new Map(sources.flatMap((source) => sourceColumns(source, tables)));
  const found: PlacedComplaint[] = [];
  walk(select.fields as Json, (node, around) => {
    const table = node.kind === 'column' ? identifier(node.fields.table) : null;
    const known = table === null || hidden(table, around) ? undefined : columns.get(table);
    const name = identifier(node.fields.name) ?? '';
    if (known === undefined || known.length === 0 || known.includes(name) || name === '*') return;
    const message = `${table} has no column ${name}.`;
    found.push({ at: startOf(node.fields, 0), code: 'unknown-column', message, suggestion: nearest(name, known) });
  });
  return found;
}

function sourceColumns(source: Json, tables: Catalog): [string, readonly string[]][] {
  const node = nodeOf(source);
  const schema = node?.kind === 'table' ? identifier(node.fields.schema) : null;
  const name = node?.kind === 'table' ? identifier(node.fields.name) : null;
  const alias = identifier(node?.fields.alias) ?? name;
  const known = schema === null ? undefined : tables[`${schema}.${name}`];
  return alias === null || known === undefined ? [] : [[alias, known]];
}

/** True when a select between gives the same alias to something else (a step may well do so). */
const hidden = (alias: string, around: readonly Node[]): boolean =>
  around.some(
    ({ kind, fields }) =>
      kind === 'select' &&
      [...listOf(fieldsOf(fields.from).expressions), ...listOf(fields.joins).map((j) => fieldsOf(j).this)].some(
        (source) => (identifier(nodeOf(source)?.fields.alias) ?? identifier(nodeOf(source)?.fields.name)) === alias,
      ),
  );
