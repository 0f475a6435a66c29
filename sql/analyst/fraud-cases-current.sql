-- one row per disputed card transaction of the last 30 days: which cases are current, the largest first?
-- grain: transaction_id
select
  f.transaction_id,
  f.card_id,
  f.merchant_id,
  f.merchant_country,
  f.amount,
  f.transacted_at,
  f.first_reported_at,
  f.is_fraud,
  f.card_transactions_24h,
  f.is_new_country
from mart.fraud_case as f
where f.status = 'current'
order by f.amount desc, f.transaction_id
