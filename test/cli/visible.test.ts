import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { visible, visibleJson, visibleLines } from '../../lib/cli/visible.ts';
import { runCli } from '../support/cli.ts';

const ESC = '\u001b';
/** Clears the screen and names the window. */
const NASTY = `${ESC}[2J${ESC}]0;owned\u0007\u009b1mevil\u007f`;
const SPELLED = '\\x1b[2J\\x1b]0;owned\\x07\\x9b1mevil\\x7f';
/** What a terminal obeys, line ends apart. */
const OBEYED = /[^\P{Cc}\n]/u;

describe('text of others in front of a terminal', () => {
  it('is spelled out where a terminal would obey it, and nothing else is', () => {
    expect(visible(NASTY)).toBe(SPELLED);
    expect(visible('a\nb\tc\r')).toBe('a\\x0ab\\x09c\\x0d');
    expect(visible('ü€😀\u00a0\u2028 \\x1b')).toBe('ü€😀\u00a0\u2028 \\x1b');
  });

  it('in lines of ours leaves our colours alone, where there are any', () => {
    const line = `${ESC}[1m${ESC}[31mfail${ESC}[39m${ESC}[22m\r\n\t${ESC}[8mhidden\r${ESC}[0m`;
    expect(visibleLines(line, true)).toBe(
      `${ESC}[1m${ESC}[31mfail${ESC}[39m${ESC}[22m\r\n\t\\x1b[8mhidden\\x0d\\x1b[0m`,
    );
    expect(visibleLines(line, false)).not.toContain(ESC);
  });

  it('as JSON is the same value', () => {
    const text = JSON.stringify({ text: NASTY });
    expect(visibleJson(text)).not.toMatch(OBEYED);
    expect(JSON.parse(visibleJson(text))).toEqual({ text: NASTY });
  });
});

describe('raw data full of control sequences', () => {
  const folder = mkdtempSync(join(tmpdir(), 'visible-'));
  const call = (...argv: string[]) => runCli(argv, { cwd: folder });

  beforeAll(() => {
    mkdirSync(join(folder, 'raw/purchase'), { recursive: true });
    const head = 'id,timestamp,customer_id,merchant_id,amount\n';
    const rows = [`a,2026-06-30T10:00:00Z,c,"${NASTY}",-1.00`, `b,never,c,"${NASTY}",1.00`];
    writeFileSync(join(folder, 'raw/purchase', `${NASTY}.csv`), `${head}${rows.join('\n')}\n`);
    writeFileSync(join(folder, 'raw/purchase', `${NASTY}refused.csv`), 'id,amount\n1,2\n');
    writeFileSync(join(folder, 'raw/purchase', `${NASTY}more.csv`), `x,${head}1,c,2026-06-30T10:00:00Z,c,m,1.00\n`);
    writeFileSync(join(folder, 'raw/purchase', `${NASTY}.csv.tmp`), '');
  });

  it.each([
    ['validate', '--date', '2026-06-30'],
    ['run', '-v', '--only', 'payments', '--as-of', '2026-06-30'],
    ['quarantine', 'base.purchase'],
    ['status'],
    ['query', `select merchant_id, merchant_id as "${NASTY}" from purchase where amount < 0`],
    ['query', `select "${NASTY}" from purchase`],
  ])('never speak to the terminal by %s', async (...argv) => {
    const plain = await call(...argv);
    expect(plain.stdout + plain.stderr).toContain(SPELLED);
    expect(plain.stdout + plain.stderr).not.toMatch(OBEYED);
    for (const format of ['json', 'ndjson']) {
      const { stdout, stderr } = await call(...argv, '--format', format);
      expect(stdout + stderr, format).not.toMatch(OBEYED);
    }
  });

  it('are in CSV as they are', async () => {
    const { stdout } = await call('query', 'select merchant_id from purchase where amount < 0', '--format', 'csv');
    expect(stdout).toBe(`merchant_id\n${NASTY}\n`);
  });
});
