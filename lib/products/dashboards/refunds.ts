import { dashboard, date, decimal, integer, question, ratio, showing, sum } from '../../contract/index.ts';
import { purchase, refundsByCustomer } from '../payments.ts';

const counted = {
  refunds: integer().describe('refunds that count'),
  total_refund: decimal(38, 2).describe('refunded to customers, in the account currency'),
  guest_refund: decimal(38, 2).describe('refunded to guests, in the account currency'),
};
const byMonth = showing(
  question('refunds-by-month', {
    refund_month: date().describe('calendar month of the refund, its first day'),
    ...counted,
  }),
);
const byMerchant = showing(question('refunds-by-merchant', { merchant_id: purchase.row.merchant_id, ...counted }));
const byCustomer = showing(refundsByCustomer);
const rate = showing(
  question('refund-rate', {
    purchase_month: date().describe('calendar month of the purchase, its first day'),
    purchases: integer().describe('purchases never voided'),
    purchased: decimal(18, 2).describe('paid for them, in the account currency'),
    refunded: decimal(18, 2).describe('of it ever returned, in the account currency'),
    refund_rate: decimal(9, 2).nullable().describe('share returned, in percent, half up; empty when nothing was paid'),
  }),
);

/** What is refunded, when, by whom and to whom. */
export const refunds = dashboard({
  name: 'refunds',
  product: 'payments',
  owner: 'finance',
  description: 'Refunds by month, merchant and customer, with the refund rate.',
  sheets: [
    {
      title: 'By month',
      filters: [byMonth.since('Refunds from', 'refund_month', 24), rate.since('Purchases from', 'purchase_month', 24)],
      charts: [
        byMonth.number('Refunded to customers', sum('total_refund'), 'refund_month', 'month'),
        byMonth.number('Refunded to guests', sum('guest_refund'), 'refund_month', 'month'),
        rate.number('Refund rate', ratio('refunded', 'purchased')),
        byMonth.line('Refunds that count', 'refund_month', [sum('total_refund'), sum('guest_refund')], 'month'),
        rate.line('Refund rate by month of purchase', 'purchase_month', [ratio('refunded', 'purchased')], 'month'),
        rate.table('Paid and returned', { column: 'purchase_month', order: 'highest' }, [
          'purchase_month',
          'purchases',
          'purchased',
          'refunded',
          'refund_rate',
        ]),
      ],
    },
    {
      title: 'By merchant',
      filters: [byMerchant.choice('Merchant', 'merchant_id')],
      charts: [
        byMerchant.bars('Merchants with the most refunded', 'merchant_id', [sum('total_refund'), sum('guest_refund')]),
        byMerchant.table('All merchants', { column: 'total_refund', order: 'highest' }, [
          'merchant_id',
          'refunds',
          'total_refund',
          'guest_refund',
        ]),
      ],
    },
    {
      title: 'By customer',
      charts: [
        byCustomer.number('Refunded to customers', sum('total_refund')),
        byCustomer.bars('Customers with the most refunded', 'customer_id', [sum('total_refund')], 50),
      ],
    },
  ],
});
