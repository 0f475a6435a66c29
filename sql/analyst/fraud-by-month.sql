-- one row per month of the transaction: how many card purchases were disputed as fraud, and for how much?
-- grain: month_start
with fraud as (
  select cast(date_trunc('month', f.transacted_at) as date) as month_start, f.transaction_id, f.amount
  from mart.fraud_case as f
  where f.is_fraud
)

select
  f.month_start,
  count(f.transaction_id) as frauds,
  cast(sum(f.amount) as decimal(38, 2)) as amount
from fraud as f
group by f.month_start
order by f.month_start
