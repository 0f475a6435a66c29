import { describe, expect, it } from 'vitest';
import { UsageError } from '../../lib/cli/errors.ts';
import { resolveName } from '../../lib/cli/resolve-name.ts';

const known = {
  what: 'table',
  groups: [
    ['base.purchase', 'base.orders', 'mart.orders', 'mart.refunds'],
    ['dashboard.refunds', 'dashboard.late'],
    ['raw.purchase', 'raw.events', 'refund-rate'],
  ],
};

describe('resolving a name', () => {
  it.each([
    ['base.purchase', 'base.purchase'],
    ['raw.purchase', 'raw.purchase'],
    ['purchase', 'base.purchase'],
    [' Purchase ', 'base.purchase'],
    ['refunds', 'mart.refunds'],
    ['late', 'dashboard.late'],
    ['events', 'raw.events'],
    ['mart.orders', 'mart.orders'],
    ['refund-rate', 'refund-rate'],
  ])('takes %s for %s', (asked, name) => expect(resolveName(asked, known)).toBe(name));

  it.each([
    ['orders', 'several are called orders: write base.orders or mart.orders'],
    ['purchases', 'there is no table purchases. Did you mean base.purchase'],
    ['', 'there is no table .'],
    ['wholly.different', 'Known: base.orders, base.purchase'],
  ])('refuses %s', (asked, message) => {
    expect(() => resolveName(asked, known)).toThrow(UsageError);
    expect(() => resolveName(asked, known)).toThrow(message);
  });
});
