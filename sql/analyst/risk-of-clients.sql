-- one row per risk level and approval status: clients in that state now, and what they owe
-- grain: risk_level, approval_status
select
  c.risk_level,
  c.approval_status,
  count(*) as clients,
  cast(coalesce(sum(c.total_cost), 0) as decimal(38, 2)) as total_cost
from base.client as c
where c.is_current
group by c.risk_level, c.approval_status
order by c.risk_level, c.approval_status
