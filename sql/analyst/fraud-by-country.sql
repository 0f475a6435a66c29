-- one row per country of the merchant: what share of card purchases there was disputed as fraud?
-- grain: merchant_country
with counted as (
  select
    t.merchant_country,
    count(*) as purchases,
    count(case when f.is_fraud then 1 end) as frauds
  from base.card_transaction as t
  left join mart.fraud_case as f on f.transaction_id = t.transaction_id
  where t.kind = 'purchase'
  group by t.merchant_country
)

select
  merchant_country,
  purchases,
  frauds,
  percent(frauds, purchases) as pct_fraud
from counted
order by pct_fraud desc, merchant_country
