/** The DAG-path solver: what reaches what, by how many paths, in which order, and what takes longest. */
export { type CriticalPath, criticalPath } from './critical-path.ts';
export { CycleError, InvalidGraphError, UnknownVertexError } from './errors.ts';
export { type Extension, proposeExtension } from './extension.ts';
export { buildDag, type Dag, type Edge, type Vertex } from './graph.ts';
export { countPaths, type MostReachable, mostReachable, pathCounts } from './path-count.ts';
export { longestPath, type Path, pathsByCost } from './paths-by-cost.ts';
export { ancestors, descendants } from './reach.ts';
export { levels, topologicalOrder } from './topological-order.ts';
