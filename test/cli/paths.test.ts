import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';

const REFERENCE = `0,1,2
0,2,4
0,4,-2
0,6,5
0,5,1
2,3,3
2,4,2
3,8,-4
4,3,5
4,8,1
4,7,2
5,7,-1
5,8,-3
6,7,6
7,8,2
`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'paths-'));
});

function file(text: string): string {
  const path = join(folder, 'edges.csv');
  writeFileSync(path, text);
  return path;
}

async function answer(text: string, ...rest: string[]) {
  const { code, stdout, stderr } = await runCli(['paths', '--edges', file(text), ...rest, '--format', 'json']);
  return { code, stderr, data: code === 0 ? JSON.parse(stdout) : null };
}

describe('paths on the reference graph', () => {
  it('gives counts, most reachable, paths by cost and the extension', async () => {
    const { code, data, stderr } = await answer(`from,to,weight\n${REFERENCE}`, '--from', '0');
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(Object.keys(data)).toEqual(['source', 'counts', 'most_reachable', 'paths', 'extension']);
    expect(data.source).toBe('0');
    expect(data.counts).toEqual({ 0: '1', 1: '1', 2: '1', 3: '3', 4: '2', 5: '1', 6: '1', 7: '4', 8: '10' });
    expect(data.most_reachable).toEqual({ vertices: ['8'], paths: '10' });
    expect(data.paths.map((path: { cost: number }) => path.cost)).toEqual([13, 10, 7, 7, 3, 2, 2, -1, -1, -2]);
    expect(data.paths[0]).toEqual({ cost: 13, vertices: ['0', '6', '7', '8'] });
    expect(data.extension).toEqual({ forbidden: ['3', '4', '5', '7'], join: ['8', '0'], paths: '11' });
  });

  it('lists as many paths as asked for, to the vertex asked for', async () => {
    const { data } = await answer(`from,to,weight\n${REFERENCE}`, '--from', '0', '--to', '7', '--top', '2');
    expect(data.paths).toEqual([
      { cost: 11, vertices: ['0', '6', '7'] },
      { cost: 8, vertices: ['0', '2', '4', '7'] },
    ]);
  });

  it('prints all formats', async () => {
    const path = file(`from,to,weight\n${REFERENCE}`);
    const csv = await runCli(['paths', '--edges', path, '--from', '0', '--top', '1', '--format', 'csv']);
    expect(csv.stdout).toBe('cost,path\n13,0 -> 6 -> 7 -> 8\n');
    const lines = await runCli(['paths', '--edges', path, '--from', '0', '--top', '2', '--format', 'ndjson']);
    const kinds = lines.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).kind);
    expect(kinds).toEqual([...Array(9).fill('count'), 'most_reachable', 'path', 'path', 'extension']);
    const table = await runCli(['paths', '--edges', path, '--from', '0']);
    expect(table.stdout).toContain('most reachable  8, by 10 paths');
    expect(table.stdout).toContain('  13  0 → 6 → 7 → 8\n');
    expect(table.stdout).toContain('extension  a new vertex joined to 8 and 0 is reached by 11 paths');
  });
});

describe('paths reads CSV', () => {
  it.each([
    ['columns in any order', 'weight,to,from\n1,b,a\n', ['a', 'b']],
    ['quotes, CRLF, a byte order mark', '\uFEFF"from","to",weight\r\n"a,1","b ""x""",1\r\n', ['a,1', 'b "x"']],
    ['no line end, blank lines', 'from,to,weight\n\na,b,1\n\nb,c,1.5e0', ['a', 'b', 'c']],
    ['numbers in order of value', 'from,to,weight\n9,10,1\n10,100,1\n', ['9', '10', '100']],
    ['texts in order of text, where one is no number', 'from,to,weight\n9,10,1\n9,07,1\n', ['07', '10', '9']],
    ['names that look like members of an object', 'from,to,weight\n__proto__,constructor,1\n', undefined],
  ])('%s', async (_, text, vertices) => {
    const from = /__proto__/.test(text) ? '__proto__' : (vertices?.find((each) => !/^(07|10)$/.test(each)) ?? '');
    const { stdout } = await runCli(['paths', '--edges', file(text), '--from', from, '--format', 'ndjson']);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const counted = lines.filter(({ kind }) => kind === 'count').map(({ vertex }) => vertex);
    expect(counted).toEqual(vertices ?? ['__proto__', 'constructor']);
    const { data } = await answer(text, '--from', from);
    expect(Object.keys(data.counts).sort()).toEqual([...counted].sort());
  });

  it('says which columns mean nothing', async () => {
    const { stderr, code } = await answer('from,to,weight,note\na,b,1,x\n', '--from', 'a');
    expect(code).toBe(0);
    expect(stderr).toContain('columns that mean nothing here: note');
  });

  it('counts beyond 2^53 exactly, ties sorted, unreached 0', async () => {
    // Sixty diamonds in a row: 2^60 ways to the last join.
    const diamonds = Array.from({ length: 60 }, (_, n) =>
      [
        `${n * 3},${n * 3 + 1},1`,
        `${n * 3},${n * 3 + 2},0`,
        `${n * 3 + 1},${n * 3 + 3},0`,
        `${n * 3 + 2},${n * 3 + 3},0`,
      ].join('\n'),
    );
    const text = `from,to,weight\n${diamonds.join('\n')}\n180,200,0\n180,190,0\n500,501,1\n`;
    const { data } = await answer(text, '--from', '0', '--top', '1');
    expect(data.counts[180]).toBe(String(2n ** 60n));
    expect(data.most_reachable).toEqual({ vertices: ['180', '190', '200'], paths: String(2n ** 60n) });
    expect([data.counts[500], data.counts[501]]).toEqual(['0', '0']);
    expect(data.paths).toHaveLength(1);
    expect(data.paths[0].cost).toBe(60);
    expect(data.paths[0].vertices.at(-1)).toBe('180');
  });

  it('gives no path and no extension where the source leads nowhere', async () => {
    const { data, code } = await answer('from,to,weight\na,b,1\n', '--from', 'b');
    expect(code).toBe(0);
    expect(data).toEqual({
      source: 'b',
      counts: { a: '0', b: '1' },
      most_reachable: { vertices: [], paths: '0' },
      paths: [],
      extension: null,
    });
  });
});

describe('paths refuses', () => {
  it.each([
    ['a header without weight', 'from,to\na,b\n', 'line 1: found the header from,to, expected from,to,weight', 1],
    [
      'a weight that is no number',
      'from,to,weight\na,b,1\nb,c,heavy\n',
      'line 3: found weight "heavy", expected a number',
      1,
    ],
    ['an empty weight', 'from,to,weight\na,b,\n', 'line 2: found weight "", expected', 1],
    ['a weight beyond a float', 'from,to,weight\na,b,1e999\n', 'line 2: found weight "1e999"', 1],
    ['a hexadecimal weight', 'from,to,weight\na,b,0x10\n', 'line 2: found weight "0x10"', 1],
    ['a missing name', 'from,to,weight\n,b,1\n', 'line 2: found no from, expected the name of a vertex', 1],
    [
      'a ragged line after blank and quoted ones',
      'from,to,weight\n\n"a\nx",b,1\nb,c\n',
      'line 5: found a line that is no CSV',
      1,
    ],
    ['an empty file', '', 'found no header', 1],
    ['a cycle', 'from,to,weight\na,b,1\nb,a,1\n', 'the graph has a cycle: a -> b -> a', 1],
    ['a vertex it does not have', 'from,to,weight\nb,c,1\n', 'the graph has no vertex "a"; it has b, c', 1],
  ])('%s', async (_, text, message, code) => {
    const refused = await answer(text, '--from', 'a');
    expect(refused.stderr).toContain(message);
    expect(refused.stderr).toContain('edges.csv');
    expect(refused.code).toBe(code);
  });

  it.each([
    [['--from', '07'], 'the graph has no vertex "07"', 1],
    [['--from', '1', '--to', 'x'], 'the graph has no vertex "x"', 1],
    [['--from', '1', '--top', '-1'], 'not a whole number', 2],
    [[], "required option '--from <vertex>'", 2],
  ])('%j', async (rest, message, code) => {
    const refused = await answer('from,to,weight\n1,7,1\n', ...rest);
    expect(refused.stderr).toContain(message);
    expect(refused.code).toBe(code);
  });

  it('a file that is not there', async () => {
    const refused = await runCli(['paths', '--edges', join(folder, 'none.csv'), '--from', 'a']);
    expect(refused.stderr).toContain('none.csv');
    expect(refused.code).toBe(1);
  });
});
