import { describe, expect, it } from 'vitest';
import { DuckDbParity } from '../../lib/parity/duckdb.ts';
import { PostgresParity } from '../../lib/parity/postgres/postgres.ts';
import { askProbes, withProbeTables } from '../../lib/parity/probes/ask-probes.ts';
import { PROBES } from '../../lib/parity/probes/index.ts';
import { CORE_NAMES, type CoreKind, namesUsed } from '../../lib/plan/sql/core-names.ts';
import { formatFinding, lint } from '../../lib/plan/sql/index.ts';

describe('probes and the portable core are one', () => {
  const used = PROBES.map(({ sql }) => namesUsed(sql));
  it.each(Object.keys(CORE_NAMES) as CoreKind[])(
    'every %s of the core has a probe, and no probe uses another',
    (kind) => {
      const proven = new Set(used.flatMap((names) => [...names[kind]]));
      expect([...proven].sort()).toEqual([...CORE_NAMES[kind]].sort());
    },
  );

  it.each(PROBES)('is taken by the lint: $shows', ({ sql }) => {
    expect(lint(sql, 'probe', { kind: 'fragment' }).map(formatFinding)).toEqual([]);
  });
});

describe('probes are answered as by hand', () => {
  it.each([
    ['DuckDB', DuckDbParity],
    ['PostgreSQL', PostgresParity],
  ] as const)('on %s', async (_name, engine) => {
    const started = await engine.start();
    expect(
      (await withProbeTables((tables) => askProbes(started, tables))).map(({ probe, difference }) => [
        probe.shows,
        difference,
      ]),
    ).toEqual([]);
    await started.close();
  });
});
