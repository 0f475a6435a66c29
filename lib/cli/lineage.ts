import { Argument } from 'commander';
import type { Dag } from '../dag/index.ts';
import type { Plan } from '../plan/plan.ts';
import { command } from './command.ts';
import type { LineageNode, Neighbourhood, Routes } from './lineage-facts.ts';
import type { DefineCommand } from './main.ts';
import { type CommonOptions, Output } from './output.ts';

const FORMATS = ['tree', 'mermaid', 'json', 'ndjson', 'csv', 'table'] as const;

interface LineageOptions extends Omit<CommonOptions, 'format'> {
  readonly format: (typeof FORMATS)[number];
  readonly to?: string;
}

/** `lakehouse lineage`: where data comes from and where it goes. */
export const defineLineage: DefineCommand = (environment) => {
  const lineage = command(
    'lineage',
    'what feeds a table, what it reaches, by which paths and how many; without a table: all of it',
    'lakehouse lineage purchase\nlakehouse lineage base.purchase --to dashboard.refunds\nlakehouse lineage --format mermaid',
  )
    .addArgument(new Argument('[table]', 'a table, raw.<dataset>, or a consumer such as dashboard.refunds'))
    .option('--to <name>', 'only the paths from the table to this')
    .addHelpText(
      'after',
      `
JSON of a table: {name, kind, owner, feeds: [{name, kind, owner, paths: "n", via: [name…]}], reaches: [the same]}, via being the
longest path. With --to: {from, to, paths: "n", routes: [[name…]…]}. Without a table: {nodes: [{name, kind, owner}], edges: [{from, to}]}.`,
    )
    .action(async (table: string | undefined, options: LineageOptions) => {
      const { format } = options;
      const output = new Output(environment, {
        ...options,
        format: format === 'tree' || format === 'mermaid' ? 'table' : format,
      });
      const { loadPlan } = await import('./environment.ts');
      const { lineageOf } = await import('../plan/lineage.ts');
      const { UsageError } = await import('./errors.ts');
      const plan = await loadPlan(environment);
      const view: View = { output, plan, lineage: lineageOf(plan), format };
      if (table === undefined && options.to !== undefined)
        throw new UsageError(`--to wants a table that the paths begin at: lakehouse lineage TABLE --to ${options.to}`);
      if (table === undefined) return printAll(view);
      const name = await resolve(view, table);
      return options.to === undefined
        ? printAround(view, name)
        : printRoutes(view, name, await resolve(view, options.to));
    });
  // A lineage is a picture first, so this command has two formats more than the others.
  lineage.options
    .find((option) => option.long === '--format')
    ?.choices(FORMATS)
    .default('tree');
  return lineage.setOptionValueWithSource('format', 'tree', 'default');
};

interface View {
  readonly output: Output;
  readonly plan: Plan;
  readonly lineage: Dag<string>;
  readonly format: LineageOptions['format'];
}

/** A bare name means a table first, then a consumer, then raw data. */
async function resolve({ plan, lineage }: View, name: string): Promise<string> {
  const { resolveName } = await import('./resolve-name.ts');
  const tables = plan.tables.map((each) => each.name);
  const isRaw = (each: string) => each.startsWith('raw.');
  const others = lineage.vertices.filter((each) => !tables.includes(each));
  return resolveName(name, {
    what: 'table, consumer or raw dataset',
    groups: [tables, others.filter((each) => !isRaw(each)), others.filter(isRaw)],
  });
}

async function printAll({ output, plan, lineage, format }: View): Promise<void> {
  const { edgesOf, mermaid } = await import('../plan/mermaid.ts');
  const { lineageNodes } = await import('./lineage-facts.ts');
  const edges = edgesOf(lineage).map(({ from, to }) => ({ from, to }));
  const nodes = lineageNodes(plan, lineage);
  switch (format) {
    case 'json':
      return output.line(JSON.stringify({ nodes: [...nodes.values()], edges }, null, 2));
    case 'mermaid':
      return output.line(mermaid(lineage));
    case 'tree': {
      const targets = new Set(edges.map(({ to }) => to));
      const roots = lineage.vertices.filter((name) => !targets.has(name));
      for (const line of await tree(output, nodes, roots, childrenOf(edges))) output.line(line);
      return;
    }
    default:
      return output.rows({ columns: ['from', 'to'], rows: edges });
  }
}

async function printAround(view: View, name: string): Promise<void> {
  const { output, plan, lineage, format } = view;
  const { neighbourhood } = await import('./lineage-facts.ts');
  const { mermaid } = await import('../plan/mermaid.ts');
  const around = neighbourhood(plan, lineage, name);
  switch (format) {
    case 'json':
      return output.line(JSON.stringify(around, null, 2));
    case 'mermaid': {
      const within = new Set([
        name,
        ...around.feeds.map((each) => each.name),
        ...around.reaches.map((each) => each.name),
      ]);
      return output.line(mermaid(lineage, within, name));
    }
    case 'tree':
      return printTree(view, around);
    default:
      return output.rows({
        columns: ['direction', 'name', 'kind', 'owner', 'paths', 'via'],
        rows: (['feeds', 'reaches'] as const).flatMap((direction) =>
          around[direction].map(({ via, ...facts }) => ({ direction, ...facts, via: via.join(' -> ') })),
        ),
      });
  }
}

async function printTree({ output, plan, lineage }: View, around: Neighbourhood): Promise<void> {
  const { edgesOf } = await import('../plan/mermaid.ts');
  const { lineageNodes } = await import('./lineage-facts.ts');
  const { bold, dim } = output.colors;
  const nodes = lineageNodes(plan, lineage);
  const edges = edgesOf(lineage);
  const paths = new Map([...around.feeds, ...around.reaches].map((each) => [each.name, each.paths]));
  const description = plan.tables.find((table) => table.name === around.name)?.description;
  output.line(
    `${bold(around.name)}${around.owner === null ? '' : dim(`  ${around.owner}`)}${description ? `  ${description}` : ''}`,
  );
  const backwards = edges.map(({ from, to }) => ({ from: to, to: from }));
  for (const [title, count, directed] of [
    ['fed by', around.feeds.length, backwards],
    ['reaches', around.reaches.length, edges],
  ] as const) {
    output.line(`\n${title} ${count === 0 ? 'nothing' : count}`);
    const children = childrenOf(directed);
    for (const line of await tree(output, nodes, children(around.name), children, paths)) output.line(line);
  }
}

const childrenOf =
  (edges: readonly { readonly from: string; readonly to: string }[]) =>
  (name: string): string[] =>
    edges.filter(({ from }) => from === name).map(({ to }) => to);

async function tree(
  output: Output,
  nodes: ReadonlyMap<string, LineageNode>,
  roots: readonly string[],
  children: (name: string) => readonly string[],
  paths: ReadonlyMap<string, string> = new Map(),
): Promise<string[]> {
  const { drawTree } = await import('./tree.ts');
  const label = (name: string) => {
    const count = paths.get(name) ?? '1';
    const facts = [nodes.get(name)?.owner ?? '', count === '1' ? '' : `${count} paths`].filter((fact) => fact !== '');
    return `${name}${facts.length > 0 ? output.colors.dim(`  ${facts.join(', ')}`) : ''}`;
  };
  return drawTree(roots, { children, label });
}

async function printRoutes({ output, lineage, format }: View, from: string, to: string): Promise<void> {
  const { ROUTES, routesBetween } = await import('./lineage-facts.ts');
  const { mermaid } = await import('../plan/mermaid.ts');
  const found: Routes = routesBetween(lineage, from, to);
  switch (format) {
    case 'json':
      output.line(JSON.stringify(found, null, 2));
      break;
    case 'mermaid':
      output.line(mermaid(lineage, new Set([from, to, ...found.routes.flat()]), from));
      break;
    case 'tree':
      output.line(`${output.colors.bold(`${from} → ${to}`)}  ${found.paths} ${found.paths === '1' ? 'path' : 'paths'}`);
      for (const route of found.routes) output.line(`  ${route.join(' → ')}`);
      break;
    default:
      output.rows({
        columns: ['path', 'edges', 'via'],
        rows: found.routes.map((route, index) => ({
          path: index + 1,
          edges: route.length - 1,
          via: route.join(' -> '),
        })),
      });
  }
  if (found.routes.length >= ROUTES) output.note(`the first ${ROUTES} of ${found.paths} paths are listed`);
  if (found.paths === '0' && routesBetween(lineage, to, from).routes.length > 0)
    output.note(`data flows the other way: lakehouse lineage ${to} --to ${from}`);
}
