import type { PlacedComplaint } from './finding.ts';
import { outputName } from './lint-shape.ts';
import { outputsOf } from './model-parts.ts';
import { castType, functionName } from './node-facts.ts';
import { realName } from './stand-in.ts';
import { bare, identifier, type Json, listOf, type Node, nodeOf, startOf, walk } from './tree.ts';

const EXACT = new Set<string | null>(['decimal', 'big_int']);

/**
 * A double becomes exact by floor alone. Engines round it each in its own way: 1.005 to two places is 1.00 on DuckDB, which looks at
 * its bits, and 1.01 on PostgreSQL, which looks at its digits. No table has doubles, so the statement itself says what is one.
 */
export function lintDoubles(statement: Node): readonly PlacedComplaint[] {
  const names = doubleOutputs(statement);
  const found: PlacedComplaint[] = [];
  walk({ [statement.kind]: statement.fields }, (node) => {
    if (!EXACT.has(castType(node)) || bare(node.fields.this)?.kind === 'floor' || !isDouble(node.fields.this, names))
      return;
    const message = 'Engines round a double each in its own way.';
    const suggestion = 'Write cast(cast(floor(x * 100 + 0.5) as decimal(18, 0)) * 0.01 as decimal(18, 2)), or percent.';
    found.push({ at: startOf(node.fields, 0), code: 'double', message, suggestion });
  });
  return found;
}

/** Names that some select of the statement gives to a double; found again until no more are, since steps build on steps. */
function doubleOutputs(statement: Node): ReadonlySet<string> {
  const names = new Set<string>();
  for (let known = -1; known < names.size; ) {
    known = names.size;
    walk({ [statement.kind]: statement.fields }, ({ kind, fields }) => {
      if (kind !== 'select') return;
      for (const item of listOf(fields.expressions)) {
        const name = outputName(nodeOf(item));
        if (name !== null && isDouble(item, names)) names.add(name);
      }
    });
  }
  return names;
}

/** Nodes whose value is of the type of what stands in them. */
const CARRIERS = new Set(
  'paren alias add sub mul neg abs floor coalesce sum min max lag lead nullif last_known'.split(' '),
);

function isDouble(value: Json, names: ReadonlySet<string>): boolean {
  const node = nodeOf(value);
  const any = (values: readonly Json[]) => values.some((each) => isDouble(each, names));
  if (node === null) return any(listOf(value));
  const { kind, fields } = node;
  switch (kind) {
    case 'cast':
      return castType(node) === 'double';
    case 'div':
    case 'avg':
      return true;
    case 'column':
      return names.has(identifier(fields.name) ?? '');
    case 'case':
      return any([fields.else_, ...listOf(fields.whens).map((when) => listOf(when)[1])]);
    case 'window_function':
      return isDouble(fields.this, names);
    case 'subquery': {
      const query = nodeOf(fields.this);
      return query !== null && any(outputsOf(query));
    }
    default:
      return CARRIERS.has(realName(functionName(node))) && any(Object.values(fields));
  }
}
