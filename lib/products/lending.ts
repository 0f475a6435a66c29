import {
  append,
  atLeast,
  base,
  between,
  capitals,
  days,
  decimal,
  entity,
  exposure,
  feature,
  freshWithin,
  identity,
  instant,
  integer,
  mart,
  model,
  month,
  oneOf,
  type Product,
  rekognition,
  replace,
  text,
  textract,
  xmlElements,
} from '../contract/index.ts';

const product = { product: 'lending', owner: 'lending' } as const;
const money = (what: string) => decimal(12, 2).describe(`${what}, in the account currency`);
const applicantId = () => text().personal('indirect').describe('who applies');
const documentType = text().describe('payslip, passport or identity_card');
const DOCUMENT_TYPES = ['payslip', 'passport', 'identity_card'];

/** An applicant may apply several times; the latest application counts. */
export const mortgageApplication = base({
  ...product,
  name: 'mortgage_application',
  description: 'One row per application for a home loan.',
  row: {
    application_id: text().describe('application number'),
    applicant_id: applicantId(),
    customer_id: text().nullable().personal('indirect').describe('the applicant as a card holder; empty when none'),
    applied_at: instant().describe('when it was handed in, UTC'),
    requested_amount: money('loan asked for'),
    property_value: money('value of the home'),
    term_months: integer().describe('months in which the loan is to be paid back'),
  },
  grain: ['application_id'],
  eventTime: 'applied_at',
  partitionBy: month('applied_at'),
  write: append(),
  rules: [between('term_months', 12, 480)],
  checks: [atLeast('requested_amount', 0), freshWithin(days(31), 'applied_at')],
});

/** An amended return is a return of its own: the last one filed for a year counts. */
export const taxReturn = base({
  ...product,
  name: 'tax_return',
  description: 'One row per annual tax return of an applicant, as filed.',
  records: xmlElements('TaxReturns.TaxReturn', 'urn:example:tax-return:1'),
  row: {
    return_id: text().from('@id').describe('number of the return'),
    applicant_id: applicantId().from('Taxpayer.Id'),
    tax_year: integer().from('TaxYear').describe('year that it is for'),
    filed_at: instant().from('FiledAt').describe('when it was filed, UTC'),
    gross_income: decimal(12, 2).from('Income.Gross').describe('income of the year before tax'),
    self_employed_income: decimal(12, 2)
      .nullable()
      .from('Income.SelfEmployed')
      .describe('its part from self-employment; empty when not said'),
    tax_paid: decimal(12, 2).from('Tax.Paid').describe('tax paid for the year'),
  },
  grain: ['return_id'],
  eventTime: 'filed_at',
  partitionBy: month('filed_at'),
  write: append(),
  rules: [between('tax_year', 1900, 2100)],
  checks: [atLeast('gross_income', 0), freshWithin(days(366), 'filed_at')],
});

const STATEMENT = '/BankStatements.BankStatement';

/** A statement's head stands on each of its transactions; a statement without transactions has no row. */
export const bankTransaction = base({
  ...product,
  name: 'bank_transaction',
  description: 'One row per transaction on a bank statement of an applicant.',
  records: xmlElements('BankStatements.BankStatement.Transactions.Transaction', 'urn:example:bank-statement:1'),
  row: {
    statement_id: text().from(`${STATEMENT}.@id`).describe('statement that it stands on'),
    account_id: text().personal('indirect').from(`${STATEMENT}.Account.Number`).describe('account'),
    applicant_id: applicantId().from(`${STATEMENT}.Account.Holder`),
    currency: text().from(`${STATEMENT}.Account.@currency`).describe('currency of the account (ISO 4217)'),
    transaction_id: text().from('@id').describe('transaction number'),
    booked_at: instant().from('BookedAt').describe('when it was booked, UTC'),
    amount: decimal(12, 2).from('Amount').describe('positive: received, negative: paid; in the account currency'),
    kind: text().from('Kind').describe('salary, rent, loan, transfer or other'),
    counterparty: text().nullable().personal('indirect').from('Counterparty.Name').describe('the other side, if named'),
  },
  grain: ['transaction_id'],
  eventTime: 'booked_at',
  partitionBy: month('booked_at'),
  write: append(),
  rules: [capitals('currency', 3), oneOf('kind', ['salary', 'rent', 'loan', 'transfer', 'other'])],
  checks: [freshWithin(days(31), 'booked_at')],
});

const documented = {
  document_id: text().describe('document'),
  applicant_id: applicantId(),
  document_type: documentType,
  extracted_at: instant().describe('when it was analysed, UTC'),
} as const;

/** What is less certain than the rule wants is quarantined: somebody reads the document, nothing is guessed. */
export const documentField = base({
  ...product,
  name: 'document_field',
  description: 'One row per field of a form that Textract read with enough confidence.',
  records: textract('analysis'),
  row: {
    ...documented,
    field_id: text().from('$id').describe('block of the key in the analysis'),
    page: integer().from('$page').describe('page of the document, from 1'),
    field_name: text().from('$key').describe('text of the key'),
    field_value: text().nullable().personal('direct').from('$value').describe('text of the value; empty when blank'),
    confidence: decimal(5, 2).from('$confidence').describe('of the least certain part, in percent'),
  },
  grain: ['document_id', 'field_id'],
  eventTime: 'extracted_at',
  partitionBy: month('extracted_at'),
  write: append(),
  rules: [between('confidence', 90, 100), oneOf('document_type', DOCUMENT_TYPES)],
  checks: [freshWithin(days(31), 'extracted_at')],
});

export const documentLine = base({
  ...product,
  name: 'document_line',
  description: 'One row per line of a picture that Rekognition read with enough confidence.',
  records: rekognition('analysis'),
  row: {
    ...documented,
    line_number: integer().from('$id').describe('number of the line in the analysis, from 0'),
    line_text: text().personal('direct').from('$value').describe('what it says'),
    confidence: decimal(5, 2).from('$confidence').describe('of the line, in percent'),
  },
  grain: ['document_id', 'line_number'],
  eventTime: 'extracted_at',
  partitionBy: month('extracted_at'),
  write: append(),
  rules: [between('confidence', 80, 100), oneOf('document_type', DOCUMENT_TYPES)],
  checks: [freshWithin(days(31), 'extracted_at')],
});

const total = (what: string) => decimal(38, 2).describe(`${what} in the 365 days before, in the account currency`);
const percentOf = (part: string, whole: string) =>
  decimal(9, 2).nullable().describe(`${part} by ${whole}, in percent, half up; empty without ${whole}`);

/** What a run makes is exact to the row: `mart.mortgage_feature_source` names the rows behind each feature. */
export const mortgageApplicant = feature({
  ...product,
  name: 'mortgage_applicant',
  description: 'One row per applicant and point in time: income, stability and obligations, as far as known then.',
  row: {
    applicant_id: applicantId(),
    event_time: instant().describe('the point in time that the row is about, UTC'),
    requested_amount: decimal(12, 2).nullable().describe('loan asked for in the latest application'),
    loan_to_value: percentOf('requested_amount', 'the value of the home'),
    tax_years: integer().describe('years for which a tax return is known'),
    declared_income: decimal(12, 2).nullable().describe('gross income of the latest tax year; empty without a return'),
    income_to_year_before: percentOf('declared_income', 'that of the next older tax year known'),
    self_employed_share: percentOf('self-employment in the latest tax year', 'declared_income'),
    salary_12m: total('salary received'),
    salary_months_12m: integer().describe('calendar months with a salary among those 365 days'),
    employers_12m: integer().describe('different payers of a salary among those 365 days'),
    salary_to_declared: percentOf('salary_12m', 'declared_income'),
    payslips_confirmed: integer().describe('payslips whose employer paid a salary to the applicant in those 365 days'),
    identity_documents: integer().describe('passports and identity cards read'),
    rent_12m: total('rent paid'),
    loan_payments_12m: total('paid back on loans'),
    card_spend_12m: total('bought by card less refunds'),
    months_in_deficit_12m: integer().describe(
      'calendar months in which more was paid than received, in those 365 days',
    ),
    obligations_to_income: percentOf('rent_12m and loan_payments_12m', 'salary_12m'),
  },
  entity: entity('applicant_id', 'base.mortgage_application'),
  eventTime: 'event_time',
  checks: [atLeast('requested_amount', 0)],
});

const addsUp = (name: string, column: string, sign: string) =>
  identity(
    `${name}_has_its_sources`,
    `the sources of ${column} add up to it`,
    `select cast(coalesce(sum(${column}), 0) as decimal(38, 2)) as total from feature.mortgage_applicant`,
    `select cast(coalesce(sum(${sign}amount), 0) as decimal(38, 2)) as total from mart.mortgage_feature_source
     where feature = '${column}'`,
    { severity: 'fail' },
  );

/** For whoever audits a decision: each source row once per feature, by key, and by file and record. */
export const mortgageFeatureSource = mart({
  ...product,
  name: 'mortgage_feature_source',
  description: 'One row per applicant, feature and base row that the feature was computed from, as of the date.',
  row: {
    applicant_id: applicantId(),
    feature: text().describe(
      'column of feature.mortgage_applicant that the row feeds first; a share or a count has the sources of what it is made of',
    ),
    source_table: text().describe('base table'),
    source_key: text().describe('key of the row there'),
    amount: decimal(12, 2).nullable().describe('what the row brings to the feature, signed as it stands there'),
    source_file: text().describe('raw file, relative to the raw zone'),
    source_record: integer().describe('number of the record in the file, from 1'),
  },
  grain: ['applicant_id', 'feature', 'source_table', 'source_key'],
  write: replace(),
  checks: [
    addsUp('salary', 'salary_12m', ''),
    addsUp('rent', 'rent_12m', '-'),
    addsUp('loans', 'loan_payments_12m', '-'),
    addsUp('cards', 'card_spend_12m', ''),
    addsUp('income', 'declared_income', ''),
  ],
});

/** No loan of the past is known here, so what a price stands on is how often the money did not last in the year after. */
const homeLoanPricing = model({
  ...product,
  name: 'home_loan_pricing',
  description:
    'In how many months of the first year an applicant will pay more than comes in: what a home loan is priced by.',
  features: ['feature.mortgage_applicant'],
  points: 'mortgage-training-points',
  label: 'months_in_deficit',
  knows: ['term_months'],
  learns: 'amount',
  labelAfterDays: 365,
  skillAtLeast: 0.05,
  trained: 'monthly',
  answers: 'in_batches',
});

export const lending: Product = {
  name: 'lending',
  description:
    'Home loans: applications, tax returns, bank statements and documents, and what is known of an applicant.',
  datasets: [
    mortgageApplication,
    taxReturn,
    bankTransaction,
    documentField,
    documentLine,
    mortgageApplicant,
    mortgageFeatureSource,
  ],
  exposures: [
    exposure({
      ...product,
      name: 'mortgage_applicant',
      kind: 'feature_group',
      description: 'What the model that prices home loans knows of an applicant.',
      reads: ['feature.mortgage_applicant'],
    }),
    exposure({
      ...product,
      name: 'mortgage_audit',
      kind: 'report',
      description: 'Which rows, files and records a decision on a home loan stood on.',
      reads: ['feature.mortgage_applicant', 'mart.mortgage_feature_source'],
    }),
  ],
  models: [homeLoanPricing],
};
