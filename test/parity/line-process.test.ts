import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { closeProcess } from '../../lib/parity/close-process.ts';
import { LineProcess } from '../../lib/parity/line-process.ts';

const READY = `console.log(JSON.stringify({ id: 0, version: '1' }));`;
/** A program that says it is ready, and then answers a question like this. */
const answering = (act: string): string =>
  `${READY} require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => { ${act} });`;
const started = (program: string): LineProcess =>
  new LineProcess('toy', process.execPath, ['-e', program], process.env);

/** Asks again and again, for some seconds: one who has just been asked may not know yet. */
async function askOn(toy: LineProcess): Promise<void> {
  for (let asked = 0; asked < 40; asked += 1) await Promise.race([toy.ask('select 2'), sleep(100)]);
}

describe('a process that answers by lines', () => {
  it('gives each reply to who asked for it, and an error to who asked for that', async () => {
    const toy = started(
      answering(`const { id, sql } = JSON.parse(line);
        setTimeout(() => console.log(JSON.stringify(sql === 'bad' ? { id, error: 'no' } : { id, rows: sql })), sql === 'a' ? 50 : 0);`),
    );
    expect(await toy.first()).toEqual({ version: '1' });
    const asked = ['a', 'b', 'bad'].map((sql) => toy.ask(sql).catch((error: Error) => error.message));
    expect(await Promise.all(asked)).toEqual([{ rows: 'a' }, { rows: 'b' }, 'no']);
    await toy.close();
  });

  it.each([
    ['is killed', `console.error('out of memory'); process.kill(process.pid, 'SIGKILL')`, /toy: it ended with SIGKILL/],
    [
      'ends',
      `console.error('out of memory'); process.exitCode = 3; process.stdin.destroy()`,
      /ended with 3: out of memory/,
    ],
    ['says what is no JSON', `console.log('WARNING: an old option')`, /no reply: WARNING: an old option/],
    ['says what is no reply', `console.log('null')`, /no reply: null/],
    [
      'closes its ears',
      "if (process.stdin.destroyed) return; process.stdin.destroy(); require('node:fs').closeSync(0); setTimeout(() => 0, 60_000)",
      /ended with SIGTERM/,
    ],
    [
      'leaves a child with its tongue',
      `require('node:child_process').spawn('sleep', ['2'], { stdio: 'inherit' }); setTimeout(() => process.exit(4), 100)`,
      /ended with 4/,
    ],
  ])('fails who waits and whoever asks later, and is closed, when it %s', async (_how, act, why) => {
    const toy = started(answering(act));
    await toy.first();
    const first = expect(toy.ask('select 1')).rejects.toThrow(why);
    await expect(askOn(toy)).rejects.toThrow(why);
    await first;
    await expect(toy.ask('select 3')).rejects.toThrow(why);
    await toy.close();
    await toy.close();
  });

  it('fails the start when it ends before it is ready, or is not there', async () => {
    await expect(started('process.exit(2)').first()).rejects.toThrow('toy: it ended with 2');
    const missing = new LineProcess('toy', '/no/such/program', [], process.env);
    await expect(missing.first()).rejects.toThrow('ENOENT');
    await missing.close();
  });
});

it('a process that a signal ended is not waited for', async () => {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => 0, 60_000)']);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await closeProcess(child);
});
