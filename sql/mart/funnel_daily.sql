-- one row per UTC day with events: how many visitors viewed, searched, filled a basket and bought.
-- A visitor counts once a day at each step, whatever the other steps are.
-- grain: day
with did as (
  select distinct cast(e.occurred_at as date) as day, e.visitor_id, e.type
  from base.site_event as e
)
select
  d.day,
  count(case when d.type = 'view' then 1 end) as viewers,
  count(case when d.type = 'search' then 1 end) as searchers,
  count(case when d.type = 'basket' then 1 end) as basketeers,
  count(case when d.type = 'purchase' then 1 end) as buyers
from did as d
group by d.day
