/**
 * Loaded before the program (`node --import`): says on stderr when a statement has begun. With BUSY in the environment the
 * process never comes back to its events after the first interrupt.
 */
import { DuckDBConnection } from '@duckdb/node-api';

const { stream } = DuckDBConnection.prototype;
DuckDBConnection.prototype.stream = function announced(...given) {
  const result = stream.apply(this, given);
  process.stderr.write('statement begun\n');
  return result;
};

if (process.env.BUSY)
  process.once('SIGINT', () =>
    setImmediate(() => {
      for (;;);
    }),
  );
