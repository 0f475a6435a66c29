import type { Dag, Edge } from '../dag/index.ts';

/** Shapes by what stands before the dot: raw data is a store, tables are boxes, people are round. */
const SHAPES: Readonly<Record<string, readonly [string, string]>> = {
  raw: ['[(', ')]'],
  base: ['[', ']'],
  mart: ['[[', ']]'],
  feature: ['[[', ']]'],
};
const CONSUMER = ['([', '])'] as const;

/** What stands before the dot of a name in the lineage: `raw`, `base`, `dashboard`. */
export const kindOf = (name: string): string => name.slice(0, Math.max(0, name.indexOf('.')));

/** The edges of a lineage, each once, in vertex order; `within` keeps those between its names. */
export function edgesOf(lineage: Dag<string>, within?: ReadonlySet<string>): Edge<string>[] {
  const { vertices, offsets, targets } = lineage;
  const inside = (name: string) => within === undefined || within.has(name);
  return vertices.flatMap((from, id) => {
    if (!inside(from)) return [];
    const reached = [...new Set(targets.subarray(offsets[id], offsets[id + 1]))].map(
      (target) => vertices[target] ?? '',
    );
    return reached
      .filter(inside)
      .sort()
      .map((to) => ({ from, to, weight: 1 }));
  });
}

/** A name as a Mermaid id; the prefix keeps words such as `end` from being taken for syntax, two signs for the dot keep ids apart. */
const idOf = (name: string): string =>
  `n_${name.replaceAll('.', '__').replaceAll(/[^A-Za-z0-9_]/g, (sign) => `x${sign.codePointAt(0)?.toString(16)}x`)}`;

/** A Mermaid flow chart of a lineage, or of the part of it `within` these names; `focus` stands out. */
export function mermaid(lineage: Dag<string>, within?: ReadonlySet<string>, focus?: string): string {
  const shown = lineage.vertices.filter((name) => within === undefined || within.has(name));
  const nodes = shown.map((name) => {
    const [open, close] = SHAPES[kindOf(name)] ?? CONSUMER;
    return `  ${idOf(name)}${open}"${name.replaceAll('"', '#quot;')}"${close}`;
  });
  const arrows = edgesOf(lineage, within).map(({ from, to }) => `  ${idOf(from)} --> ${idOf(to)}`);
  const style = focus === undefined ? [] : [`  style ${idOf(focus)} stroke-width:3px`];
  return ['flowchart LR', ...nodes, ...arrows, ...style].join('\n');
}
