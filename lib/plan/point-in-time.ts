import { sqlError } from './sql/finding.ts';
import {
  bare,
  fieldsOf,
  identifier,
  type Json,
  listOf,
  type Node,
  nodeOf,
  parseStatement,
  startOf,
  walk,
} from './sql/tree.ts';

/** What decides whether a select may see later rows. */
export interface PointInTime {
  /** The column of the spine that says which moment a row is about. */
  readonly pointColumn: string;
  /** For a qualified table, its columns that must lie at or before that moment; null when it does not say. */
  readonly timesOf: (table: string) => readonly string[] | null;
}

/** Tables whose rows carry no time of their own: the points themselves. */
const SPINE = 'spine';

/**
 * Refuses a select that could read a row which happened, or was known, after the point in time it is asked for: every table
 * is read with `t.<time> <= p.<point>` for each of its times, in the join or the filter of the very select that names it.
 * @throws SqlError
 */
export function refuseLaterRows(text: string, file: string, { pointColumn, timesOf }: PointInTime): void {
  const statement = parseStatement(text, file);
  walk({ [statement.kind]: statement.fields }, (node) => {
    if (node.kind !== 'select') return;
    const bounded = boundedColumns(node, pointColumn);
    for (const { alias, name, at } of tablesOf(node)) {
      const complain = (message: string, suggestion: string) =>
        sqlError(text, file, { at, code: 'later-rows', message, suggestion });
      const times = timesOf(name);
      if (times === null)
        throw complain(`${name} does not say from when a row is known.`, 'Read tables that are loaded from raw files.');
      const open = times.find((time) => !bounded.has(`${alias}.${time}`));
      if (open === undefined) continue;
      throw complain(
        `${name} is read without a bound on ${open}, so that a later row could be seen.`,
        `Add ${alias}.${open} <= p.${pointColumn} where it is joined.`,
      );
    }
  });
}

/** Columns that a select holds at or below the point, as `alias.column`: only what must hold for each row, so not below `or`. */
function boundedColumns({ fields }: Node, pointColumn: string): ReadonlySet<string> {
  const conditions = [
    fieldsOf(fields.where_clause).this,
    ...listOf(fields.joins).map((join) => fieldsOf(join).on),
  ].flatMap(conjuncts);
  const pairs = conditions.map(({ kind, fields: sides }) => {
    const [left, right] = [bare(sides.left), bare(sides.right)];
    const isBound = kind === 'lte' && right?.kind === 'column' && identifier(right.fields.name) === pointColumn;
    return isBound && left?.kind === 'column' ? `${identifier(left.fields.table)}.${identifier(left.fields.name)}` : '';
  });
  return new Set(pairs);
}

function conjuncts(condition: Json): Node[] {
  const node = bare(condition);
  if (node === null) return [];
  return node.kind === 'and' ? [...conjuncts(node.fields.left), ...conjuncts(node.fields.right)] : [node];
}

/** The tables that a select names itself; steps and the spine need no bound. */
function tablesOf({ fields }: Node): { alias: string; name: string; at: number }[] {
  const sources = [
    ...listOf(fieldsOf(fields.from).expressions),
    ...listOf(fields.joins).map((join) => fieldsOf(join).this),
  ];
  return sources.flatMap((source) => {
    const node = nodeOf(source);
    const schema = identifier(node?.fields.schema);
    if (node?.kind !== 'table' || schema === null || schema === SPINE) return [];
    const table = identifier(node.fields.name) ?? '';
    return [{ alias: identifier(node.fields.alias) ?? table, name: `${schema}.${table}`, at: startOf(source, 0) }];
  });
}
