import type { Dag, Extension, MostReachable, Path, Vertex } from '../dag/index.ts';
import { command, parseCount } from './command.ts';
import type { DefineCommand } from './main.ts';
import { type CommonOptions, Output } from './output.ts';

interface PathsOptions extends CommonOptions {
  readonly edges: string;
  readonly from: string;
  readonly to?: string;
  readonly top: number;
}

/** What is known of the paths from one vertex. */
interface Answer {
  readonly source: Vertex;
  readonly target: Vertex | null;
  readonly edges: number;
  readonly counts: ReadonlyMap<Vertex, bigint>;
  readonly most: MostReachable<Vertex>;
  readonly paths: readonly Path<Vertex>[];
  readonly extension: Extension<Vertex> | null;
}

/** Rows of the counts that people are shown. */
const SHOWN = 20;

/** `lakehouse paths`: the DAG-path solver on any graph. */
export const definePaths: DefineCommand = (environment) =>
  command(
    'paths',
    'count and rank the paths of any weighted graph without cycles',
    'lakehouse paths --edges graph.csv --from 0\nlakehouse paths --edges graph.csv --from 0 --to 8 --top 3 --format json',
  )
    .requiredOption('--edges <file>', 'CSV with the header from,to,weight; a weight may be negative')
    .requiredOption('--from <vertex>', 'where paths begin')
    .option('--to <vertex>', 'where listed paths end (default: the first of the most reachable)')
    .option('--top <count>', 'how many paths are listed, highest cost first', parseCount(0), 10)
    .addHelpText(
      'after',
      `
Vertices are ordered as numbers when all names are whole numbers, else as text; they are printed as they are named.
JSON: source, counts {vertex: "n"}, most_reachable {vertices, paths: "n"}, paths [{cost, vertices}],
extension {forbidden, join, paths: "n"} or null. Counts are decimal strings: they outgrow 2^53.`,
    )
    .action(async (options: PathsOptions) => {
      const output = new Output(environment, options);
      const { isWhole, readEdges } = await import('./read-edges.ts');
      const { edges, ignored } = await readEdges(options.edges);
      if (ignored.length > 0) output.note(`${options.edges}: columns that mean nothing here: ${ignored.join(', ')}`);
      // One graph has one kind of vertex; the solver does not care which.
      const answer = await solve(edges, options, (name) =>
        typeof edges[0]?.from === 'number' && isWhole(name) ? Number(name) : name,
      );
      print(output, answer);
    });

async function solve(
  edges: readonly { readonly from: Vertex; readonly to: Vertex; readonly weight: number }[],
  { edges: file, from, to, top }: PathsOptions,
  vertexOf: (name: string) => Vertex,
): Promise<Answer> {
  const solver = await import('../dag/index.ts');
  const { CommandFailedError } = await import('./errors.ts');
  const { buildDag, mostReachable, pathCounts, pathsByCost, proposeExtension } = solver;
  const known = [solver.CycleError, solver.InvalidGraphError, solver.UnknownVertexError];
  try {
    const dag: Dag<Vertex> = buildDag(edges);
    const source = vertexOf(from);
    const most = mostReachable(dag, source);
    const target = to === undefined ? (most.vertices[0] ?? null) : vertexOf(to);
    const paths: Path<Vertex>[] = [];
    if (target !== null && top > 0)
      for (const path of pathsByCost(dag, source, target)) if (paths.push(path) >= top) break;
    const counts = pathCounts(dag, source);
    return { source, target, edges: edges.length, counts, most, paths, extension: proposeExtension(dag, source) };
  } catch (error) {
    if (error instanceof Error && known.some((each) => error instanceof each))
      throw new CommandFailedError(`${file}: ${error.message}`, error);
    throw error;
  }
}

const names = (vertices: readonly Vertex[]): string[] => vertices.map(String);

/** A cost as JSON; a sum beyond a float64 has no number there. */
const costOf = (cost: number): number | string => (Number.isFinite(cost) ? cost : String(cost));

function print(output: Output, answer: Answer): void {
  const { counts, extension, most, paths } = answer;
  const arrow = (vertices: readonly Vertex[]) => vertices.join(' -> ');
  const count = ([vertex, n]: readonly [Vertex, bigint]) => ({ vertex: String(vertex), paths: String(n) });
  const reachable = { vertices: names(most.vertices), paths: String(most.count) };
  const proposal = extension && {
    forbidden: names(extension.forbidden),
    join: names(extension.join),
    paths: String(extension.paths),
  };
  switch (output.format) {
    case 'json': {
      const result = {
        source: String(answer.source),
        counts: Object.fromEntries([...counts].map(([vertex, n]) => [vertex, String(n)])),
        most_reachable: reachable,
        paths: paths.map(({ cost, vertices }) => ({ cost: costOf(cost), vertices: names(vertices) })),
        extension: proposal,
      };
      return output.line(JSON.stringify(result, null, 2));
    }
    case 'ndjson':
      for (const each of counts) output.line(JSON.stringify({ kind: 'count', ...count(each) }));
      output.line(JSON.stringify({ kind: 'most_reachable', ...reachable }));
      for (const { cost, vertices } of paths)
        output.line(JSON.stringify({ kind: 'path', cost: costOf(cost), vertices: names(vertices) }));
      if (proposal) output.line(JSON.stringify({ kind: 'extension', ...proposal }));
      return;
    case 'csv':
      return output.rows({
        columns: ['cost', 'path'],
        rows: paths.map(({ cost, vertices }) => ({ cost, path: arrow(vertices) })),
      });
    case 'table':
      return printForPeople(output, answer);
  }
}

function printForPeople(output: Output, { source, target, edges, counts, most, paths, extension }: Answer): void {
  const { bold, dim } = output.colors;
  const ways = (n: bigint) => `${n} ${n === 1n ? 'path' : 'paths'}`;
  output.line(`${bold(`from ${source}`)}  ${dim(`${counts.size} vertices, ${edges} edges`)}\n`);
  const rows = [...counts].sort(([, a], [, b]) => (a > b ? -1 : a < b ? 1 : 0)).slice(0, SHOWN);
  output.line(
    output.table({ columns: ['vertex', 'paths'], rows: rows.map(([vertex, n]) => ({ vertex, paths: String(n) })) }),
  );
  if (counts.size > SHOWN) output.line(dim(`the first ${SHOWN} of ${counts.size} vertices; --format json gives all`));
  const reached =
    most.vertices.length === 0
      ? `none: ${source} leads nowhere`
      : `${most.vertices.join(', ')}, by ${ways(most.count)}`;
  output.line(`\n${bold('most reachable')}  ${reached}`);
  if (target !== null) {
    const all = counts.get(target) ?? 0n;
    output.line(`\n${bold(`paths to ${target}`)}  ${dim(`${paths.length} of ${all}, highest cost first`)}`);
    const arrows = paths.map(({ cost, vertices }) => ({ cost, path: vertices.join(' → ') }));
    if (paths.length > 0) output.line(output.table({ columns: ['cost', 'path'], rows: arrows }));
  }
  output.line(
    extension
      ? `\n${bold('extension')}  a new vertex joined to ${extension.join.join(' and ')} is reached by ${ways(extension.paths)}; ` +
          `no edge with ${extension.forbidden.join(', ') || 'any vertex is forbidden'}`
      : `\n${bold('extension')}  none: no two vertices may be joined that make a new one the most reachable`,
  );
}
