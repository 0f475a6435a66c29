import { RESERVED } from './core-words.ts';
import type { TreeComplaint, TreeRule } from './lint-construct.ts';
import { macroNamed } from './macros.ts';
import { stepsOf } from './references.ts';
import { AS_OF_STAND_IN, realName } from './stand-in.ts';
import { bare, fieldsOf, identifier, type Json, listOf, type Node, nodeOf, textOf, walk } from './tree.ts';

const complaint = (code: string, message: string, suggestion: string, part?: Json): TreeComplaint =>
  part === undefined ? { code, message, suggestion } : { code, message, suggestion, part };

const QUERIES = new Set(['select', 'union', 'except', 'intersect']);

/** No `*` but in `count(*)`: outputs are listed. */
export const noStar: TreeRule = ({ kind, fields }) => {
  if (kind !== 'select') return null;
  const star = listOf(fields.expressions).find((item) => {
    const node = nodeOf(item);
    return node?.kind === 'star' || (node?.kind === 'column' && identifier(node.fields.name) === '*');
  });
  return star ? complaint('select-star', '* changes when a table does.', 'List the columns.', star) : null;
};

/** limit has an order; an order without limit stands only at the end of the file. */
export const orderAndLimit: TreeRule = (node, around) => {
  if (!QUERIES.has(node.kind)) return null;
  const { order_by: order, limit } = node.fields;
  if (limit && !order) return complaint('limit', 'limit without order by picks any rows.', 'Order by a total order.');
  const inner = around.length > 0;
  return order && !limit && inner
    ? complaint('order', 'An order inside a statement has no effect.', 'Order in the final select.', order)
    : null;
};

const AGGREGATES = new Set(['count', 'sum', 'min', 'max', 'avg']);

/** An order names outputs; an aggregate in it is lost to Spark once there is a having. */
export const orderWithoutAggregates: TreeRule = ({ kind, fields }) => {
  if (kind !== 'select') return null;
  const orders = listOf(fieldsOf(fields.order_by).expressions).map((item) => fieldsOf(item).this);
  const aggregate = orders.find((item) => AGGREGATES.has(bare(item)?.kind ?? ''));
  return aggregate === undefined
    ? null
    : complaint(
        'order',
        'Spark does not find an aggregate in order by.',
        'Order by the output that has it.',
        aggregate,
      );
};

const NUMBERING = new Set(['row_number', 'rank', 'dense_rank', 'lag', 'lead']);

/** Functions that mean nothing without the order of a window. */
const ORDERED = new Set([...NUMBERING, 'last_known']);

/** Windows that number have an order; those that aggregate over an order say which rows. */
export const completeWindows: TreeRule = ({ kind, fields }) => {
  if (kind !== 'window_function') return null;
  const call = nodeOf(fields.this);
  const over = fieldsOf(fields.over);
  const ordered = listOf(over.order_by).length > 0;
  const name = call?.kind === 'function' ? realName(textOf(call.fields.name) ?? '') : (call?.kind ?? '');
  if (over.window_name) return complaint('window', 'Named windows are not in Redshift.', 'Write over (…) in full.');
  if (call?.fields.distinct === true) {
    return complaint('window', 'distinct in a window is DuckDB only.', 'Make it distinct in a step before.');
  }
  if (ORDERED.has(name) && !ordered) {
    return complaint('window', `${name} without an order.`, 'Write over (… order by …) with a total order.');
  }
  const frame = over.frame;
  if (!NUMBERING.has(name) && ordered && !frame) {
    const suggestion = 'Write rows between unbounded preceding and current row.';
    return complaint('frame', 'Redshift wants the rows of an ordered aggregate.', suggestion);
  }
  return frame && textOf(fieldsOf(frame).kind) !== 'Rows'
    ? complaint('frame', 'Only frames of rows are on every engine.', 'Write rows between … and ….')
    : null;
};

/** group by and order by name columns: no positions, no `group by` of an output name. */
export const groupAndOrderByColumns: TreeRule = ({ kind, fields }) => {
  const groups = listOf(fieldsOf(fields.group_by).expressions);
  const orders = listOf(fieldsOf(fields.order_by).expressions).map((item) => fieldsOf(item).this);
  if (!QUERIES.has(kind)) return null;
  if ([...groups, ...orders].some((item) => bare(item)?.kind === 'literal')) {
    return complaint('ordinal', 'A position instead of a column.', 'Name the column.', fields.group_by);
  }
  const made = madeNames(fields.expressions);
  const alias = groups.find((item) => made.has(unqualified(item) ?? ''));
  if (alias) {
    const message = `${unqualified(alias)} is named in this select: Trino does not group by it.`;
    return complaint('group-alias', message, 'Name it in a step before, or repeat the expression.', alias);
  }
  const reckoned = orders.filter((item) => bare(item)?.kind !== 'column').find((item) => namesOne(item, made));
  const message = 'An order reckoned from an output: DuckDB and Redshift look for a column of that name first.';
  return reckoned
    ? complaint('order', message, 'Order by an output of its own, or qualify the column.', reckoned)
    : null;
};

function namesOne(expression: Json, names: ReadonlySet<string>): boolean {
  let found = false;
  walk(expression, ({ kind, fields }) => {
    found ||= names.has(unqualified({ [kind]: fields }) ?? '');
  });
  return found;
}

/** A name made in a select list is not used inside the same select. */
export const noLateralAlias: TreeRule = ({ kind, fields }) => {
  if (kind !== 'select') return null;
  const made = madeNames(fields.expressions);
  const { expressions, where_clause: where, having, joins } = fields;
  let used: Json;
  walk([expressions, where, having, joins] as Json, (node, around) => {
    const own = around.some(({ kind: outer }) => QUERIES.has(outer));
    const column: Json = { [node.kind]: node.fields };
    if (!own && made.has(unqualified(column) ?? '')) used ??= column;
  });
  const message = `${unqualified(used)} is named in this select: only DuckDB and Redshift read it here.`;
  return used ? complaint('lateral-alias', message, 'Qualify the column, or name it in a step before.', used) : null;
};

/** Names that the select list makes: `x + 1 as y` makes y, `t.y as y` does not. */
function madeNames(expressions: Json): ReadonlySet<string> {
  const names = listOf(expressions).flatMap((item) => {
    const node = nodeOf(item);
    if (node?.kind !== 'alias') return [];
    const name = identifier(node.fields.alias);
    const source = nodeOf(node.fields.this);
    return name === null || (source?.kind === 'column' && identifier(source.fields.name) === name) ? [] : [name];
  });
  return new Set(names);
}

function unqualified(value: Json): string | null {
  const node = nodeOf(value);
  const name = node?.kind === 'column' && !node.fields.table ? identifier(node.fields.name) : null;
  return name === AS_OF_STAND_IN ? null : name;
}

/** Outputs of steps and of the model have a name, once, and a type. */
export const namedOutputs: TreeRule = ({ kind, fields }, around) => {
  if (kind !== 'select' || around.some((outer) => outer.kind === 'exists' || outer.kind === 'in')) return null;
  const seen = new Set<string>();
  for (const item of listOf(fields.expressions)) {
    const node = nodeOf(item);
    const name = outputName(node);
    if (name === null) return complaint('unnamed', 'An output without a name.', 'Write … as name.', item);
    if (seen.has(name)) return complaint('duplicate', `Two outputs are called ${name}.`, 'Rename one.', item);
    seen.add(name);
    if (nodeOf(node?.fields.this)?.kind === 'null') {
      return complaint('untyped-null', `${name} is null without a type.`, 'Write cast(null as bigint) as …', item);
    }
  }
  return null;
};

/** The name of an item of a select list; null when it has none. */
export function outputName(node: Node | null): string | null {
  if (node?.kind === 'alias') return identifier(node.fields.alias);
  return node?.kind === 'column' ? identifier(node.fields.name) : null;
}

/** Names that an engine reserves are qualified, or not used. */
export const noReservedNames: TreeRule = (node) => {
  const bareName = unqualified({ [node.kind]: node.fields });
  const named = ['table', 'alias', 'subquery'].includes(node.kind) ? identifier(node.fields.alias) : null;
  const step = stepsOf(node.fields)
    .map(({ alias }) => identifier(alias))
    .find((name) => RESERVED.has(name ?? ''));
  const reserved =
    [bareName, named, step].find((name) => RESERVED.has(name ?? '')) ?? (bareName === 'timestamp' && bareName);
  if (!reserved) return null;
  return complaint('reserved', `${reserved} is reserved on some engine.`, 'Qualify it (t.name), or rename it.');
};

/** Macros get what they expect. */
export const macroArguments: TreeRule = ({ kind, fields }, around) => {
  if (kind !== 'function') return null;
  const macro = macroNamed(realName(textOf(fields.name) ?? ''));
  if (macro === undefined) return null;
  const args = listOf(fields.args);
  const call = `${macro.name}(${macro.parameters.join(', ')})`;
  if (args.length !== macro.parameters.length) {
    return complaint('macro', `${call} got ${args.length} arguments.`, macro.says);
  }
  if (macro.name === 'last_known' && around.at(-1)?.kind !== 'window_function') {
    return complaint('macro', `${call} without a window.`, macro.says);
  }
  return macro.columnsOnly && args.some((arg) => nodeOf(arg)?.kind !== 'column')
    ? complaint('macro', `${call} repeats its arguments.`, 'Compute them in a step before and pass the columns.')
    : null;
};
