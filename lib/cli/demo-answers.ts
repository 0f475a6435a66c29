/** An answer that the demo shows: what it is, and the template that gives it, plain enough to need no rendering, which would take a second. */
export interface DemoAnswer {
  readonly title: string;
  readonly sql: string;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** One or more answers of each product, a few rows each. */
export const DEMO_ANSWERS: readonly DemoAnswer[] = [
  {
    title: 'top refunds by customer',
    sql: 'select customer_id, total_refund from {{mart.refunds_by_customer}} order by total_refund desc, customer_id limit 5',
  },
  {
    title: 'orders on public holidays, the year before',
    sql: `select ingestion_date, ${MONTHS.map((month) => `tt_order_hol_${month} as ${month}`).join(', ')} from {{mart.agg_public_holiday}} order by ingestion_date`,
  },
  {
    title: 'shipments',
    sql: 'select ingestion_date, tt_late_shipments, tt_undelivered_items from {{mart.agg_shipments}} order by ingestion_date',
  },
  {
    title: 'best performing product',
    sql: 'select product_name, most_ordered_day, is_public_holiday, tt_review_points, pct_five_star_review, pct_early_shipments, pct_late_shipments from {{mart.best_performing_product}} order by ingestion_date',
  },
  {
    title: 'visitors on the last days',
    sql: 'select day, viewers, searchers, basketeers, buyers from {{mart.funnel_daily}} order by day desc limit 3',
  },
  {
    title: 'what to replenish first',
    sql: 'select location_id, sku, on_hand, reorder_point, order_quantity from {{mart.replenishment}} order by order_quantity desc, location_id, sku limit 3',
  },
  {
    title: 'latest risk decisions, and what they knew',
    sql: 'select transaction_id, event_time, client_credit_rating, risk_score, risk_level, approval_status, company_credit_rating from {{mart.risk_decision}} order by event_time desc, transaction_id limit 3',
  },
  {
    title: 'largest fraud cases',
    sql: 'select transaction_id, merchant_country, amount, first_reported_at, card_transactions_24h, is_new_country, status from {{mart.fraud_case}} where is_fraud order by amount desc, transaction_id limit 3',
  },
  {
    title: 'applicants who ask for most',
    sql: 'select applicant_id, requested_amount, loan_to_value, declared_income, salary_12m, obligations_to_income from {{feature.mortgage_applicant}} order by requested_amount desc, applicant_id limit 3',
  },
];
