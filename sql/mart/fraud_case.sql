-- one row per card transaction that was disputed by the as-of date.
-- grain: transaction_id
with reported as (
  select
    c.transaction_id,
    min(c.reported_at) as first_reported_at,
    count(*) as chargebacks,
    count(case when c.reason = 'fraud' then 1 end) as fraud_reports
  from base.chargeback as c
  where cast(c.reported_at as date) <= :as_of
  group by c.transaction_id
),

disputed as (
  select
    t.transaction_id,
    t.card_id,
    t.customer_id,
    t.merchant_id,
    t.merchant_country,
    t.amount,
    t.timestamp as transacted_at,
    r.first_reported_at,
    r.chargebacks,
    r.fraud_reports
  from reported as r
  inner join base.card_transaction as t on t.transaction_id = r.transaction_id
),

-- what the same card did up to then; the disputed transaction itself counts among the day's
before as (
  select
    d.transaction_id,
    count(case when t.timestamp > d.transacted_at - interval '24' hour then 1 end) as card_transactions_24h,
    sum(case when t.timestamp > d.transacted_at - interval '24' hour then t.amount end) as card_amount_24h,
    count(
      case when t.merchant_country = d.merchant_country and t.timestamp < d.transacted_at then 1 end
    ) as seen_in_country
  from disputed as d
  inner join base.card_transaction as t
    on t.card_id = d.card_id
    and t.timestamp <= d.transacted_at
  group by d.transaction_id
)

select
  d.transaction_id,
  d.card_id,
  d.customer_id,
  d.merchant_id,
  d.merchant_country,
  d.amount,
  d.transacted_at,
  d.first_reported_at,
  d.chargebacks,
  d.fraud_reports > 0 as is_fraud,
  b.card_transactions_24h,
  cast(b.card_amount_24h as decimal(38, 2)) as card_amount_24h,
  b.seen_in_country = 0 as is_new_country,
  case when d.first_reported_at >= :as_of - interval '29' day then 'current' else 'historical' end as status
from disputed as d
inner join before as b on b.transaction_id = d.transaction_id
