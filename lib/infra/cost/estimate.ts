import { type TemplateResource, withoutHash } from '../readable.ts';
import type { Templates } from '../rights.ts';
import { BY_TRAFFIC, CHARGES, type Use } from './charges.ts';
import { FREE } from './free.ts';
import { PRICES } from './prices.ts';
import type { Volume } from './run-usage.ts';

export type { Templates } from '../rights.ts';

/** What one resource costs. */
export interface CostLine {
  readonly stack: string;
  /** Its logical id, without CDK's hash. */
  readonly resource: string;
  readonly type: string;
  /** Dollars a month: deployed, no data, no schedule firing, no query. */
  readonly idle: number;
  /** Dollars for one run. */
  readonly run: number;
  /** How both came about: quantities times list prices. */
  readonly basis: string;
}

/** Resources that make no line, by type. */
export interface Unbilled {
  readonly type: string;
  readonly count: number;
  readonly reason: string;
}

/** What an environment costs by its templates. Every resource is in exactly one of the four lists. */
export interface Estimate {
  readonly volume: Volume;
  readonly idle: number;
  readonly run: number;
  readonly lines: readonly CostLine[];
  /** Billed by what comes through, whether or not a run does. */
  readonly byTraffic: readonly Unbilled[];
  readonly free: readonly Unbilled[];
  /** Types that nobody has priced: they may cost anything. */
  readonly unknown: readonly Unbilled[];
}

/** Prices every resource of an environment's templates, idle and for one run of this volume. */
export function estimate(templates: Templates, volume: Volume): Estimate {
  const resources = Object.entries(templates).flatMap(([stack, { Resources }]) =>
    Object.entries(Resources).map(([id, resource]) => ({ stack, id: withoutHash(id), resource })),
  );
  const lines = resources.flatMap(({ stack, id, resource }) => lineOf(stack, id, resource, volume));
  const types = resources.map(({ resource }) => resource.Type);
  const unbilled = (reasonOf: (type: string) => string | undefined): Unbilled[] =>
    [...new Set(types)].sort().flatMap((type) => {
      const reason = reasonOf(type);
      return reason === undefined ? [] : [{ type, count: types.filter((each) => each === type).length, reason }];
    });
  return {
    volume,
    idle: sum(lines.map(({ idle }) => idle)),
    run: sum(lines.map(({ run }) => run)),
    lines,
    byTraffic: unbilled((type) => (BY_TRAFFIC[type] ? priceText(BY_TRAFFIC[type]) : undefined)),
    free: unbilled((type) => FREE[type]),
    unknown: unbilled((type) =>
      CHARGES[type] || BY_TRAFFIC[type] || FREE[type]
        ? undefined
        : 'nobody has priced this type: see lib/infra/cost/charges.ts',
    ),
  };
}

function lineOf(stack: string, resource: string, definition: TemplateResource, volume: Volume): CostLine[] {
  const charge = CHARGES[definition.Type];
  if (!charge) return [];
  const idle = charge.idle?.(definition) ?? [];
  const run = charge.run?.(definition, volume) ?? [];
  const basis = [...idle.map((use) => `idle: ${useText(use)}`), ...run.map((use) => `run: ${useText(use)}`)].join('; ');
  return [{ stack, resource, type: definition.Type, idle: dollars(idle), run: dollars(run), basis }];
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
const dollars = (uses: readonly Use[]): number => sum(uses.map(([name, quantity]) => PRICES[name].dollars * quantity));
const priceText = (name: Use[0]): string => `$${PRICES[name].dollars} per ${PRICES[name].per}`;
const useText = ([name, quantity]: Use): string => `${Number(quantity.toPrecision(4))} × ${priceText(name)}`;
