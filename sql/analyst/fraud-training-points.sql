-- one row per card purchase of at least 60 days ago: at which points in time, and with which label, is a fraud model to learn?
-- grain: transaction_id
with frauds as (
  select c.transaction_id, min(c.reported_at) as reported_at
  from base.chargeback as c
  where c.reason = 'fraud'
  group by c.transaction_id
)

select
  t.card_id,
  t.customer_id,
  t.timestamp as event_time,
  t.transaction_id,
  t.amount,
  case when f.reported_at <= t.timestamp + interval '60' day then 1 else 0 end as is_fraud
from base.card_transaction as t
left join frauds as f on f.transaction_id = t.transaction_id
where t.kind = 'purchase'
  and t.timestamp < :as_of - interval '60' day
order by t.timestamp, t.transaction_id
