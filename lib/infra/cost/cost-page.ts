import type { Templates } from '../rights.ts';
import { type CostLine, estimate } from './estimate.ts';
import { HOURS, PRICE_LIST, PRICES, type PriceName } from './prices.ts';

const perMonth = (name: PriceName): string => `$${PRICES[name].dollars} per ${PRICES[name].per}`;

const money = (dollars: number): string => `$${dollars.toFixed(2)}`;

function idleRows(lines: readonly CostLine[]): string[] {
  return lines
    .filter(({ idle }) => idle > 0)
    .map(
      ({ stack, resource, idle, basis }) =>
        `| ${stack} | ${resource} | ${money(idle)} | ${basis.split('; run: ')[0]?.replace('idle: ', '')} |`,
    );
}

function section(environment: string, templates: Templates): string {
  const { lines, idle } = estimate(templates, { gigabytes: 0 });
  return [
    `## ${environment}: ${money(idle)} a month`,
    '',
    '| stack | resource | a month | of |',
    '|---|---|---|---|',
    ...idleRows(lines),
  ].join('\n');
}

/** `docs/cost.md`: what each environment costs while nobody uses it, line by line, and the prices behind it. */
export function costPage(templates: ReadonlyMap<string, Templates>): string {
  const prices = Object.values(PRICES).map(
    ({ dollars, per, page }) => `| ${per} | $${dollars} | [${page}](${PRICE_LIST.pages}/${page}) |`,
  );
  return [
    '# Cost',
    '',
    '<!-- Written by npm run docs from the templates; a test compares. -->',
    '',
    'What an environment costs while it is deployed and nothing happens: no data, no schedule firing, no query. Resources that are not named',
    'cost nothing then. `npx lakehouse cost --env dev --gb 10` says it anew, with what one run over so much raw costs, per resource; what a run uses is assumed',
    'in `lib/infra/cost/run-usage.ts`. A type of resource that nobody has priced is listed as unknown, and fails a test.',
    '',
    [...templates].map(([environment, each]) => section(environment, each)).join('\n\n'),
    '',
    '## Not in it',
    '',
    '- What data costs by lying there and queries by reading it, but for those of a run.',
    '- A second and third version of a rotated key: a dollar a month more each, from the first and second year on.',
    "- What `cdk bootstrap` keeps: a bucket of assets, cents. Free tiers, taxes, discounts; data transfer; CloudWatch's own metrics of Lambdas that report.",
    `- People: QuickSight is billed by the account, ${perMonth('quickSightAuthor')}, ${perMonth('quickSightReader')} and ${perMonth('spice')};`,
    '  what dashboards show is a few megabytes. Where nobody has subscribed to it, QuickSight costs nothing and its stack cannot be deployed.',
    '',
    '## Prices',
    '',
    `List prices of ${PRICE_LIST.region}, as of ${PRICE_LIST.asOf}, on demand, first tier, written down by hand; a month has ${HOURS} hours.`,
    '',
    '| for each | costs | listed at |',
    '|---|---|---|',
    ...prices,
    '',
  ].join('\n');
}
