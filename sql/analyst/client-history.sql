-- one row per client and state in order of time: what each client's decisions were based on, from when to when
-- grain: client_id, effective_start
select
  c.client_id,
  c.effective_start,
  c.effective_end,
  c.credit_rating,
  c.total_cost,
  c.risk_score,
  c.risk_level,
  c.approval_status
from base.client as c
order by c.client_id, c.effective_start
