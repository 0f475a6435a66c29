import type { DeployedEnvironment } from '../aws/index.ts';
import type { Product } from '../contract/index.ts';
import type { Templates } from '../infra/cost/estimate.ts';
import type { Plan } from '../plan/index.ts';

/** What the command line is given from outside: the lakehouse it serves, and where its words go. */
export interface Environment {
  /** The data products; handed in at the top, so that no mechanism knows one. */
  readonly products: () => Promise<readonly Product[]>;
  /** Folder with `mart/`, `feature/` and `analyst/`. */
  readonly sqlFolder: string;
  /** A plan compiled at build time, used only while the SQL files are the ones it was made of; null for none. */
  readonly compiledPlan: string | null;
  /** The CloudFormation templates of a deployment's environment (dev, uat, prod), made when asked for. */
  readonly templates: (deployment: string) => Promise<Templates>;
  /** Where an environment on AWS (dev, uat, prod) stands. @throws EnvironmentError naming the known ones. */
  readonly deployment: (name: string) => Promise<DeployedEnvironment>;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Has the next interrupt call this instead of ending the program; the one after it ends it. */
  readonly onInterrupt: (stop: () => void) => void;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** The plan of this lakehouse. Compiling takes most of a second, so a plan made at build time is taken while its inputs are unchanged. */
export async function loadPlan(environment: Environment): Promise<Plan> {
  const { readSqlFiles, readCompiledPlan } = await import('./plan-files.ts');
  const sql = readSqlFiles(environment.sqlFolder);
  const compiled = environment.compiledPlan === null ? null : readCompiledPlan(environment.compiledPlan, sql);
  if (compiled) return compiled;
  const { compile } = await import('../plan/compile.ts');
  return compile(await environment.products(), sql);
}
