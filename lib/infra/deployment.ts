import type { Plan } from '../plan/index.ts';
import type { CreatedTables } from './created-tables.ts';
import type { Environment } from './environments.ts';

/** Files that stacks upload, as `npm run build` leaves them. */
export interface Assets {
  /** Folder with `<verb-noun>/index.mjs`, a bundle for each Lambda. */
  readonly lambdas: string;
  /** Folder with bundles that carry native modules, from `npm run package:engine`. A deployment wants it, synth does not. */
  readonly packages: string;
  /** The compiled plan, with the fingerprint of its SQL. */
  readonly plan: string;
  /** Folder with `run_plan.py`. */
  readonly glueScripts: string;
}

/** What every stack is made of: which environment, which lakehouse, which files. */
export interface Deployment {
  readonly environment: Environment;
  readonly plan: Plan;
  /** The tables that exist already, as they were made: `lib/infra/created-tables.json`. */
  readonly created: CreatedTables;
  readonly assets: Assets;
}
