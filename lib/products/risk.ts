import {
  append,
  atLeast,
  between,
  boolean,
  day,
  days,
  decimal,
  email,
  exposure,
  freshWithin,
  history,
  identity,
  instant,
  integer,
  mart,
  mergeFields,
  month,
  ofEvents,
  oneOf,
  type Product,
  raw,
  replace,
  text,
  unique,
} from '../contract/index.ts';

const RATINGS = [0, 1000] as const;
const LEVELS = ['Low', 'Medium', 'High'];
const STATUSES = ['Approved', 'Pending', 'Pending Investigation', 'Rejected'];

/**
 * One row per transaction, the earliest of its versions; at one moment the smaller content, which the contract's order
 * of columns says. What is irregular is refused field by field, since the rest of a decision still tells something.
 */
export const riskEvent = raw({
  name: 'risk_event',
  product: 'risk',
  owner: 'risk',
  description: 'One row per transaction: company, client and risk assessment as its event told them.',
  row: {
    transaction_id: text().describe('transaction number'),
    timestamp: instant().describe('when it happened, UTC'),
    transaction_location: text().lenient().describe('where it happened'),
    company_id: text()
      .from('company.company_id')
      .lenient()
      .describe('company charged; the company part counts only with it'),
    company_name: text().from('company.company_name').lenient().describe('name of the company'),
    company_address: text().from('company.address').lenient().describe('address of the company'),
    company_email: text().from('company.email').lenient().describe('email of the company'),
    company_credit_rating: integer()
      .from('company.credit_rating')
      .lenient()
      .describe('rating of the company, 0 to 1000'),
    client_id: text().from('client.client_id').personal('indirect').describe('client who pays'),
    client_name: text().from('client.name').lenient().personal('direct').describe('name of the client'),
    client_email: text().from('client.email').lenient().personal('direct').describe('email of the client'),
    client_credit_rating: integer().from('client.credit_rating').lenient().describe('rating of the client, 0 to 1000'),
    total_cost: decimal(14, 2).from('client.total_cost').lenient().describe('what the client owes in all'),
    assessed_client_id: text()
      .from('risk_assessment.client_id')
      .lenient()
      .personal('indirect')
      .describe('client assessed; missing means the client of the transaction'),
    risk_score: decimal(5, 2).from('risk_assessment.risk_score').lenient().describe('risk, 0 (none) to 100'),
    risk_level: text()
      .from('risk_assessment.risk_level')
      .lenient()
      .describe(`one of ${LEVELS.join(', ')}`),
    approval_status: text()
      .from('risk_assessment.approval_status')
      .lenient()
      .describe(`one of ${STATUSES.join(', ')}`),
  },
  grain: ['transaction_id'],
  eventTime: 'timestamp',
  partitionBy: day('timestamp'),
  write: append(),
  rules: [
    email('company_email'),
    between('company_credit_rating', ...RATINGS),
    email('client_email'),
    between('client_credit_rating', ...RATINGS),
    atLeast('total_cost', 0),
    between('risk_score', 0, 100),
    oneOf('risk_level', LEVELS),
    oneOf('approval_status', STATUSES),
  ],
  checks: [freshWithin(days(2), 'timestamp')],
});

/** Events in the order in which they happened; transactions of one moment by their number. */
const IN_ORDER = ['timestamp', 'transaction_id'];

/** Once: a transaction told again does not happen again. */
export const processedTransactions = ofEvents({
  name: 'processed_transactions',
  product: 'risk',
  owner: 'risk',
  description: 'One row per transaction.',
  events: 'risk_event',
  row: {
    transaction_id: text().describe('transaction number'),
    timestamp: instant().describe('when it happened, UTC'),
    client_id: text().personal('indirect').describe('client who paid'),
    company_id: text().nullable().describe('company charged; empty when the event did not tell'),
    transaction_location: text().nullable().describe('where it happened; empty when the event did not tell'),
  },
  grain: ['transaction_id'],
  partitionBy: month('timestamp'),
  write: append(),
});

export const company = ofEvents({
  name: 'company',
  product: 'risk',
  owner: 'risk',
  description: 'One row per company, each field as the latest event with a regular value told it.',
  events: 'risk_event',
  row: {
    company_id: text().describe('company number'),
    company_name: text().nullable().describe('name'),
    address: text().nullable().from('company_address').describe('address'),
    email: text().nullable().from('company_email').describe('email'),
    credit_rating: integer().nullable().from('company_credit_rating').describe('rating, 0 to 1000'),
    updated_at: instant().from('timestamp').describe('when the last event of the company happened, UTC'),
  },
  grain: ['company_id'],
  write: mergeFields({ orderBy: IN_ORDER }),
});

const CONTACT = ['name', 'email'] as const;
const STATE = ['credit_rating', 'total_cost', 'risk_score', 'risk_level', 'approval_status'] as const;

/** The contact fields are the client's as of now; the rest is kept as it was. */
export const client = ofEvents({
  name: 'client',
  product: 'risk',
  owner: 'risk',
  description: 'One row per client and state: what its decisions were based on, from when to when.',
  events: 'risk_event',
  row: {
    client_sk: text().describe('key of the row, made of its content: client and start'),
    client_id: text().personal('indirect').describe('client number'),
    name: text().nullable().from('client_name').personal('direct').describe('latest name'),
    email: text().nullable().from('client_email').personal('direct').describe('latest email'),
    credit_rating: integer().nullable().from('client_credit_rating').describe('rating, 0 to 1000'),
    total_cost: decimal(14, 2).nullable().describe('what the client owed in all'),
    risk_score: decimal(5, 2).nullable().countsIf('assessed_client_id', 'client_id').describe('risk, 0 (none) to 100'),
    risk_level: text()
      .nullable()
      .countsIf('assessed_client_id', 'client_id')
      .describe(`one of ${LEVELS.join(', ')}`),
    approval_status: text()
      .nullable()
      .countsIf('assessed_client_id', 'client_id')
      .describe(`one of ${STATUSES.join(', ')}`),
    effective_start: instant().describe('when the client came into this state, UTC'),
    effective_end: instant().nullable().describe('when it left it, UTC; empty for the current state'),
    is_current: boolean().describe('whether it is the current state'),
  },
  grain: ['client_id', 'effective_start'],
  write: history({ orderBy: IN_ORDER, type1: CONTACT, type2: STATE, carryForward: STATE }),
  checks: [unique(['client_sk'], { severity: 'fail' })],
});

/** What a decision could have been based on; a later event of client or company changes none of it. */
export const riskDecision = mart({
  name: 'risk_decision',
  product: 'risk',
  owner: 'risk',
  description: 'One row per transaction: client and company as they were at its moment, itself included.',
  row: {
    transaction_id: text().describe('transaction number'),
    event_time: instant().describe('when it happened, UTC'),
    client_id: text().personal('indirect').describe('client who paid'),
    client_sk: text().describe('row of base.client that held then'),
    client_credit_rating: integer().nullable().describe('rating of the client, 0 to 1000'),
    total_cost: decimal(14, 2).nullable().describe('what the client owed in all'),
    risk_score: decimal(5, 2).nullable().describe('risk of the client, 0 (none) to 100'),
    risk_level: text()
      .nullable()
      .describe(`one of ${LEVELS.join(', ')}`),
    approval_status: text()
      .nullable()
      .describe(`one of ${STATUSES.join(', ')}`),
    company_id: text().nullable().describe('company charged; empty when the event did not tell'),
    company_name: text().nullable().describe('name of the company as known then'),
    company_credit_rating: integer().nullable().describe('rating of the company, 0 to 1000, as known then'),
  },
  grain: ['transaction_id'],
  partitionBy: month('event_time'),
  write: replace(),
  checks: [
    identity(
      'every_transaction',
      'every transaction has its row',
      'select count(*) as total from mart.risk_decision',
      'select count(*) as total from base.processed_transactions',
      { severity: 'fail' },
    ),
  ],
});

export const risk: Product = {
  name: 'risk',
  description: 'Transactions at checkout, and what was known of company and client when each was decided.',
  datasets: [riskEvent, processedTransactions, company, client, riskDecision],
  exposures: [
    exposure({
      name: 'risk_decisions',
      kind: 'feature_group',
      product: 'risk',
      owner: 'risk',
      description: 'What risk models are trained on: each transaction with client and company as they were then.',
      reads: ['mart.risk_decision'],
    }),
  ],
};
