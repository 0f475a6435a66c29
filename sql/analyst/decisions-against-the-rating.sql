-- one row per transaction approved although client or company was rated below 400 at its moment
-- grain: transaction_id
select
  d.transaction_id,
  d.event_time,
  d.client_id,
  d.client_credit_rating,
  d.company_id,
  d.company_credit_rating,
  d.risk_score
from mart.risk_decision as d
where d.approval_status = 'Approved'
  and (d.client_credit_rating < 400 or d.company_credit_rating < 400)
order by d.event_time, d.transaction_id
