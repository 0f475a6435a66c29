import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ParityEngine, ParityEngineName } from './engine.ts';

/** Engines that run, the reference first. */
export interface RunningEngines {
  readonly engines: readonly [ParityEngine, ...ParityEngine[]];
  close(): Promise<void>;
}

/** Starts DuckDB, which the others are held to, and those asked for. Trino reads the tables that Spark writes, so it brings Spark with it. */
export async function startEngines(names: readonly ParityEngineName[]): Promise<RunningEngines> {
  const { DuckDbParity } = await import('./duckdb.ts');
  const folder = await mkdtemp(join(tmpdir(), 'lakehouse-warehouse-'));
  const engines: [ParityEngine, ...ParityEngine[]] = [await DuckDbParity.start()];
  const close = async () => {
    for (const engine of engines) await engine.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    if (names.includes('spark') || names.includes('trino')) {
      const { SparkParity } = await import('./spark/spark.ts');
      const spark = await SparkParity.start(folder);
      engines.push(spark);
      if (names.includes('trino')) {
        const { TrinoParity } = await import('./trino/trino.ts');
        engines.push(await TrinoParity.start(spark));
      }
    }
    if (names.includes('postgres')) {
      const { PostgresParity } = await import('./postgres/postgres.ts');
      engines.push(await PostgresParity.start());
    }
    return { engines, close };
  } catch (error) {
    await close();
    throw error;
  }
}
