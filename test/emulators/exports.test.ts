import { expect, it } from 'vitest';
import { invoke } from './lambdas.ts';

it('the exports name the query that Athena refuses, after they tried it twice: the emulator knows no unload', async () => {
  let last = await invoke('export-answers', { date: '2026-06-30', run: 'exports' });
  while (!last.failed) last = await invoke('export-answers', last.answer as object);
  expect(JSON.stringify(last.answer)).toMatch(/the query order_answers\/[a-z_.]+ failed: .*syntax error at or near/);
});
