-- one row per transaction: client and company as they were at its moment, told by all events up to then
-- grain: transaction_id
-- The company table has the latest fields only, so what was known of a company is told from the events.
with told as (
  select
    e.company_id,
    e.timestamp as told_at,
    last_known(e.company_name) over (
      partition by e.company_id order by e.timestamp, e.transaction_id
      rows between unbounded preceding and current row
    ) as company_name,
    last_known(e.company_credit_rating) over (
      partition by e.company_id order by e.timestamp, e.transaction_id
      rows between unbounded preceding and current row
    ) as credit_rating,
    lead(e.timestamp) over (partition by e.company_id order by e.timestamp, e.transaction_id) as next_at
  from raw.risk_event as e
  where e.company_id is not null
),
-- Of events at one moment only the state after the last counts, as in a history.
company_state as (
  select t.company_id, t.told_at, t.company_name, t.credit_rating
  from told as t
  where t.next_at is null or t.next_at > t.told_at
)
select
  p.transaction_id,
  p.timestamp as event_time,
  p.client_id,
  c.client_sk,
  c.credit_rating as client_credit_rating,
  c.total_cost,
  c.risk_score,
  c.risk_level,
  c.approval_status,
  p.company_id,
  s.company_name,
  s.credit_rating as company_credit_rating
from base.processed_transactions as p
inner join base.client as c
  on c.client_id = p.client_id
  and c.effective_start <= p.timestamp
  and (c.effective_end is null or p.timestamp < c.effective_end)
left join company_state as s
  on s.company_id = p.company_id
  and s.told_at = p.timestamp
