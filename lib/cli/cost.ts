import { Option } from 'commander';
import type { Estimate, Unbilled } from '../infra/cost/estimate.ts';
import { command } from './command.ts';
import { UsageError } from './errors.ts';
import type { DefineCommand } from './main.ts';
import { type CommonOptions, Output } from './output.ts';

interface CostOptions extends CommonOptions {
  readonly env: string;
  readonly gb: number;
}

/** A number of gigabytes. @throws UsageError */
function parseGigabytes(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1e6))
    throw new UsageError(`"${text}" is no volume; expected gigabytes from 0 to 1000000`);
  return value;
}

/** `lakehouse cost`: dollars of an environment, idle and per run, from its templates and a dated price list. */
export const defineCost: DefineCommand = (environment) =>
  command(
    'cost',
    'what an environment on AWS costs a month while nobody uses it, and for one run, per resource',
    'lakehouse cost --env dev\nlakehouse cost --env prod --gb 50 --format csv',
  )
    .addOption(new Option('--env <name>', 'dev, uat or prod').makeOptionMandatory())
    .addOption(new Option('--gb <gigabytes>', 'raw files that one run works on').argParser(parseGigabytes).default(1))
    .addHelpText(
      'after',
      `
Read off the templates that cdk synth makes of this build; no credentials, nothing is asked of AWS. Idle: deployed, no data, no schedule
firing, no query. Resources that cost nothing either way make no line; types that nobody has priced are named, not counted.
JSON: {environment, region, prices_as_of, gigabytes, idle_month, run, lines: [{stack, resource, type, idle_month, run, basis}],
by_traffic, free, unknown: [{type, count, reason}]}, in dollars.`,
    )
    .action(async ({ env, gb, ...options }: CostOptions) => {
      const output = new Output(environment, options);
      const { estimate } = await import('../infra/cost/estimate.ts');
      print(output, env, estimate(await environment.templates(env), { gigabytes: gb }), await priceList());
    });

const priceList = async () => (await import('../infra/cost/prices.ts')).PRICE_LIST;

/** Dollars, exact to a thousandth of a cent. */
const exact = (dollars: number): number => Number(dollars.toFixed(5));

function print(output: Output, env: string, cost: Estimate, prices: Awaited<ReturnType<typeof priceList>>): void {
  const lines = cost.lines
    .filter(({ idle, run }) => idle > 0 || run > 0)
    .map(({ stack, resource, type, idle, run, basis }) => ({
      stack,
      resource,
      type,
      idle_month: exact(idle),
      run: exact(run),
      basis,
    }));
  const [idle, run] = [exact(cost.idle), exact(cost.run)];
  if (output.format === 'json') {
    const { byTraffic: by_traffic, free, unknown } = cost;
    const about = {
      environment: env,
      region: prices.region,
      prices_as_of: prices.asOf,
      gigabytes: cost.volume.gigabytes,
    };
    return output.line(JSON.stringify({ ...about, idle_month: idle, run, lines, by_traffic, free, unknown }, null, 2));
  }
  const rows = output.format === 'table' ? summed(lines) : lines;
  output.rows({ columns: ['stack', 'resource', 'type', 'idle_month', 'run', 'basis'], rows });
  words(output, env, cost, prices);
}

type Line = Readonly<Record<'stack' | 'resource' | 'type' | 'basis', string>> &
  Readonly<Record<'idle_month' | 'run', number>>;

/** For people, resources of a type that cost the same stand in one line: tables have optimizers by the dozen. */
function summed(lines: readonly Line[]): Line[] {
  const groups = new Map<string, Line[]>();
  for (const line of lines) {
    const key = JSON.stringify([line.stack, line.type, line.basis]);
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const total = (of: 'idle_month' | 'run') => exact(group.reduce((sum, line) => sum + line[of], 0));
    const resource = group.length === 1 ? first.resource : `${group.length} alike`;
    return [{ ...first, resource, idle_month: total('idle_month'), run: total('run') }];
  });
}

function words(output: Output, env: string, cost: Estimate, { region, asOf }: { region: string; asOf: string }): void {
  const money = (dollars: number) => `$${dollars.toFixed(2)}`;
  const named = (list: readonly Unbilled[]) => list.map(({ type, count }) => `${type} × ${count}`).join(', ');
  output.note(
    `\n${env} costs ${money(cost.idle)} a month idle, and ${money(cost.run)} for a run over ${cost.volume.gigabytes} GB of raw files`,
  );
  output.note(`list prices of ${region}, ${asOf}; what a run uses is assumed, see docs/cost.md`);
  if (cost.byTraffic.length > 0) output.note(`billed by traffic, not counted: ${named(cost.byTraffic)}`);
  if (cost.unknown.length > 0) output.alarm(`not priced, may cost anything: ${named(cost.unknown)}`);
}
