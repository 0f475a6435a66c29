import { dashboard, date, decimal, integer, question, ratio, showing, sum, text } from '../../contract/index.ts';
import { cardTransaction } from '../fraud.ts';
import { client, processedTransactions } from '../risk.ts';

const frauds = integer().describe('card purchases disputed as fraud');
const byCountry = showing(
  question('fraud-by-country', {
    merchant_country: cardTransaction.row.merchant_country,
    purchases: integer().describe('card purchases there'),
    frauds,
    pct_fraud: decimal(9, 2).nullable().describe('share disputed as fraud, in percent, half up'),
  }),
);
const byMonth = showing(
  question('fraud-by-month', {
    month_start: date().describe('calendar month of the transaction, its first day'),
    frauds,
    amount: decimal(38, 2).describe('their amounts, in the account currency'),
  }),
);

/** What is disputed, where and when. */
export const fraudCases = dashboard({
  name: 'fraud_cases',
  product: 'fraud',
  owner: 'fraud',
  description: 'Disputed transactions, current and historical, by country and month.',
  sheets: [
    {
      title: 'Fraud',
      filters: [byMonth.since('From', 'month_start', 12), byCountry.choice('Country', 'merchant_country')],
      charts: [
        byMonth.number('Frauds', sum('frauds'), 'month_start', 'month'),
        byMonth.number('Amount', sum('amount'), 'month_start', 'month'),
        byCountry.number('Share of purchases', ratio('frauds', 'purchases')),
        byMonth.line('Frauds by month', 'month_start', [sum('frauds')], 'month'),
        byMonth.line('Amount by month', 'month_start', [sum('amount')], 'month'),
        byCountry.bars('Frauds by country', 'merchant_country', [sum('frauds')]),
        byCountry.table('Countries', { column: 'pct_fraud', order: 'highest' }, [
          'merchant_country',
          'purchases',
          'frauds',
          'pct_fraud',
        ]),
      ],
    },
  ],
});

const clients = showing(
  question('risk-of-clients', {
    risk_level: client.row.risk_level,
    approval_status: client.row.approval_status,
    clients: integer().describe('clients in that state now'),
    total_cost: decimal(38, 2).describe('what they owe'),
  }),
);
const companies = showing(
  question('companies-by-rating', {
    rating: text().describe('band of credit ratings'),
    companies: integer().describe('companies rated so'),
  }),
);
const places = showing(
  question('risk-by-location', {
    transaction_location: processedTransactions.row.transaction_location,
    transactions: integer().describe('transactions there'),
    clients: integer().describe('clients who made them'),
    high_risk_share: decimal(9, 2).nullable().describe('share decided at high risk, in percent, half up'),
  }),
);

/** In which state clients and companies are. */
export const riskMonitor = dashboard({
  name: 'risk_monitor',
  product: 'risk',
  owner: 'risk',
  description: 'Clients by risk level and approval, companies by rating, transactions by place.',
  sheets: [
    {
      title: 'Risk',
      filters: [clients.choice('Risk level', 'risk_level')],
      charts: [
        clients.number('Clients', sum('clients')),
        clients.number('What they owe', sum('total_cost')),
        clients.heat('Clients by risk and approval', 'risk_level', 'approval_status', sum('clients')),
        clients.bars('Owed by risk level', 'risk_level', [sum('total_cost')]),
        companies.bars('Companies by rating', 'rating', [sum('companies')]),
        places.table('Places', { column: 'high_risk_share', order: 'highest' }, [
          'transaction_location',
          'transactions',
          'clients',
          'high_risk_share',
        ]),
      ],
    },
  ],
});
