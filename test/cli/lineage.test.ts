import { describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';

const json = async (...argv: string[]) => {
  const { code, stdout, stderr } = await runCli(['lineage', ...argv, '--format', 'json']);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout);
};

describe('lineage of a table', () => {
  it('says what feeds it and what it reaches, with counts, owners and the longest path', async () => {
    expect(await json('purchase')).toEqual({
      name: 'base.purchase',
      kind: 'base',
      owner: 'payments',
      feeds: [{ name: 'raw.purchase', kind: 'raw', owner: null, paths: '1', via: ['raw.purchase', 'base.purchase'] }],
      reaches: [
        {
          name: 'dashboard.refunds',
          kind: 'dashboard',
          owner: 'finance',
          paths: '2',
          via: ['base.purchase', 'mart.refunds_by_customer', 'dashboard.refunds'],
        },
        {
          name: 'mart.refunds_by_customer',
          kind: 'mart',
          owner: 'finance',
          paths: '1',
          via: ['base.purchase', 'mart.refunds_by_customer'],
        },
        {
          name: 'report.monthly_refund_report',
          kind: 'report',
          owner: 'finance',
          paths: '1',
          via: ['base.purchase', 'mart.refunds_by_customer', 'report.monthly_refund_report'],
        },
      ],
    });
  });

  it('draws a tree of both directions by default', async () => {
    const { stdout } = await runCli(['lineage', 'mart.refunds_by_customer']);
    expect(stdout).toBe(
      [
        'mart.refunds_by_customer  finance  One row per customer with refunds that count: the purchase was never voided and lies in another calendar month.',
        '',
        'fed by 6',
        '├─ base.purchase  payments',
        '│  └─ raw.purchase',
        '├─ base.refund  payments',
        '│  └─ raw.refund',
        '└─ base.void  payments',
        '   └─ raw.void',
        '',
        'reaches 2',
        '├─ dashboard.refunds  finance',
        '└─ report.monthly_refund_report  finance',
        '',
      ].join('\n'),
    );
  });

  it('gives rows to programs', async () => {
    const { stdout } = await runCli(['lineage', 'void', '--format', 'csv']);
    expect(stdout.split('\n').slice(0, 3)).toEqual([
      'direction,name,kind,owner,paths,via',
      'feeds,raw.void,raw,,1,raw.void -> base.void',
      'reaches,dashboard.refunds,dashboard,finance,2,base.void -> mart.refunds_by_customer -> dashboard.refunds',
    ]);
  });

  it.each([
    ['purchase', 'base.purchase'],
    ['PURCHASE', 'base.purchase'],
    ['raw.purchase', 'raw.purchase'],
    ['refunds', 'dashboard.refunds'],
    ['dashboard.refunds', 'dashboard.refunds'],
    ['agg_shipments', 'mart.agg_shipments'],
  ])('takes %s for %s', async (asked, name) => {
    expect((await json(asked)).name).toBe(name);
  });
});

describe('lineage between two', () => {
  it('lists all paths, the longest first', async () => {
    expect(await json('purchase', '--to', 'dashboard.refunds')).toEqual({
      from: 'base.purchase',
      to: 'dashboard.refunds',
      paths: '2',
      routes: [
        ['base.purchase', 'mart.refunds_by_customer', 'dashboard.refunds'],
        ['base.purchase', 'dashboard.refunds'],
      ],
    });
  });

  it('says so when data flows the other way', async () => {
    const { code, stdout, stderr } = await runCli(['lineage', 'dashboard.refunds', '--to', 'raw.refund']);
    expect(stdout).toContain('dashboard.refunds → raw.refund  0 paths');
    expect(stderr).toContain('lakehouse lineage raw.refund --to dashboard.refunds');
    expect(code).toBe(0);
  });
});

describe('lineage of everything', () => {
  it('has every vertex and edge', async () => {
    const { nodes, edges } = await json();
    expect(nodes.map(({ name }: { name: string }) => name)).toContain('export.order_answers');
    expect(edges).toContainEqual({ from: 'raw.orders', to: 'base.orders' });
    expect(edges).toContainEqual({ from: 'mart.agg_shipments', to: 'export.order_answers' });
  });

  it('draws what occurs twice once', async () => {
    const { stdout } = await runCli(['lineage']);
    expect(stdout.match(/base\.orders/g)).toHaveLength(1);
    expect(stdout.match(/report\.monthly_refund_report/g)).toHaveLength(1);
    expect(stdout).toContain('mart.refunds_by_customer  finance (as above)');
  });
});

describe('lineage as Mermaid', () => {
  it.each([[[]], [['purchase']], [['purchase', '--to', 'dashboard.refunds']]])(
    '%j is a flow chart whose arrows join declared nodes',
    async (argv) => {
      const { stdout } = await runCli(['lineage', ...argv, '--format', 'mermaid']);
      const [head, ...lines] = stdout.trimEnd().split('\n');
      expect(head).toBe('flowchart LR');
      const nodes = new Set<string>();
      for (const line of lines) {
        const node = /^ {2}(\w+)(?:\[\("|\["|\[\["|\(\[")([\w.]+)(?:"\)\]|"\]|"\]\]|"\]\))$/.exec(line);
        const arrow = /^ {2}(\w+) --> (\w+)$/.exec(line);
        const style = /^ {2}style (\w+) stroke-width:3px$/.exec(line);
        expect(node ?? arrow ?? style, line).not.toBeNull();
        if (node?.[1]) nodes.add(node[1]);
        if (arrow) expect([...nodes]).toEqual(expect.arrayContaining(arrow.slice(1)));
        if (style) expect([...nodes]).toContain(style[1]);
      }
      expect(stdout).toContain('["base.purchase"]');
      expect(stdout.includes('base.orders')).toBe(argv.length === 0);
    },
  );
});

describe('lineage refuses', () => {
  it.each([
    [['prchase'], 'no table, consumer or raw dataset prchase. Did you mean base.purchase'],
    [['mart.purchase'], 'Did you mean base.purchase'],
    [['zzzzzzzzzzzzzz'], 'Known: base.'],
    [['purchase', '--to', 'dashbord.refunds'], 'Did you mean dashboard.refunds'],
    [['--to', 'purchase'], '--to wants a table'],
    [['purchase', '--format', 'xml'], "argument 'xml' is invalid"],
  ])('%j', async (argv, message) => {
    const { code, stdout, stderr } = await runCli(['lineage', ...argv]);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});
