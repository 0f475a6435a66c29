import type { Plan } from '../../lib/plan/index.ts';
import type { LoadedTable } from './judge-row.ts';

/** The API was told to serve a dataset that it cannot. */
export class UnservableError extends Error {
  constructor(dataset: string, problem: string) {
    super(`API_DATASETS names ${dataset}: ${problem}`);
    this.name = 'UnservableError';
  }
}

/**
 * The datasets that the API takes, each with the tables it feeds. Only those whose rows have keys: a request may arrive
 * twice, and without a key two equal rows are two rows. @throws UnservableError
 */
export function servedDatasets(plan: Plan, names: readonly string[]): Map<string, LoadedTable[]> {
  return new Map(
    names.map((name) => {
      const tables = plan.tables.filter(
        (table): table is LoadedTable => table.making.kind === 'load' && table.making.source === name,
      );
      if (tables.length === 0) {
        throw new UnservableError(
          name,
          `no such raw dataset; known: ${plan.sources.map((source) => source.name).join(', ')}`,
        );
      }
      const keyless = tables.find((table) => table.grain.length === 0);
      if (keyless)
        throw new UnservableError(name, `${keyless.name} has no key, so rows that arrive twice would count twice`);
      return [name, tables];
    }),
  );
}
