import type { PythonEnvironment } from '../lib/tools/index.ts';

/** What Spark's driver may take: 4 GB unless `BENCH_SPARK_MEMORY` says otherwise. */
const MEMORY = process.env.BENCH_SPARK_MEMORY ?? '4g';

/** Environment variables by which a Python program starts a Spark session on two cores of this machine. */
export function sparkEnvironment(
  { python }: PythonEnvironment,
  { jars = [], settings = [] }: { readonly jars?: readonly string[]; readonly settings?: readonly string[] },
): Record<string, string> {
  const all = ['spark.ui.enabled=false', 'spark.sql.shuffle.partitions=8', ...settings];
  const options = [
    ...['--master', 'local[2]', '--driver-memory', MEMORY],
    ...(jars.length > 0 ? ['--jars', jars.join(',')] : []),
    ...all.flatMap((setting) => ['--conf', setting]),
  ];
  return { PYSPARK_PYTHON: python, PYSPARK_SUBMIT_ARGS: [...options, 'pyspark-shell'].join(' ') };
}
