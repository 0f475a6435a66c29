import { command, lakeOption, rawOption } from './command.ts';
import type { Diagnosis } from './doctor-checks.ts';
import type { Environment } from './environment.ts';
import { EXIT } from './errors.ts';
import type { DefineCommand } from './main.ts';
import { type CommonOptions, Output } from './output.ts';

interface DoctorOptions extends CommonOptions {
  readonly raw: string;
  readonly lake: string;
}

/** `lakehouse doctor`: is this machine able? */
export const defineDoctor: DefineCommand = (environment, exit) =>
  command(
    'doctor',
    'is this machine able: Node, engine, memory, disk, raw zone, lake; exit 1 when something fails',
    'lakehouse doctor\nlakehouse doctor --raw raw --lake lake --format json',
  )
    .addOption(rawOption())
    .addOption(lakeOption())
    .action(async (options: DoctorOptions) => {
      const output = new Output(environment, options);
      const found = await examine(environment, options);
      const { colors } = output;
      const paint = { ok: colors.green('ok'), warn: colors.yellow('warn'), fail: colors.red('fail') };
      output.rows({
        columns: ['check', 'verdict', 'detail', 'next'],
        rows: found.map((each) => ({
          ...each,
          verdict: output.format === 'table' ? paint[each.verdict] : each.verdict,
        })),
      });
      const count = (verdict: Diagnosis['verdict']) => found.filter((each) => each.verdict === verdict).length;
      output.note(`${count('ok')} ok, ${count('warn')} warn, ${count('fail')} fail`);
      if (count('fail') > 0) exit(EXIT.failure);
    });

async function examine(environment: Environment, { raw, lake }: DoctorOptions): Promise<Diagnosis[]> {
  const doctor = await import('./doctor-checks.ts');
  const { plan, datasets } = await checkPlan(environment);
  return [
    doctor.checkNode(),
    doctor.checkBinding(),
    ...(await doctor.checkEngine()),
    plan,
    doctor.checkMemory(),
    doctor.checkCores(),
    doctor.checkDisk(lake),
    await doctor.checkRaw(raw, datasets),
    ...(await doctor.checkLake(lake)),
    ...doctor.checkUnneeded(environment.variables.PATH ?? ''),
  ];
}

/** Whether contracts and SQL make a plan, and which raw datasets it knows. */
async function checkPlan(environment: Environment): Promise<{ plan: Diagnosis; datasets: readonly string[] }> {
  const check = 'contracts and SQL';
  try {
    const { loadPlan } = await import('./environment.ts');
    const { tables, sources } = await loadPlan(environment);
    const detail = `${tables.length} tables of ${sources.length} raw datasets compile`;
    return { plan: { check, verdict: 'ok', detail, next: '' }, datasets: sources.map((source) => source.name) };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return {
      plan: { check, verdict: 'fail', detail, next: 'mend the contract or SQL file named there' },
      datasets: [],
    };
  }
}
