-- one row per UTC day: sessions begun on it, events in them, and sessions with a purchase.
-- grain: day
with begun as (
  select cast(date_trunc('day', s.started_at) as date) as day, s.events, s.purchases
  from mart.session as s
)
select
  b.day,
  count(*) as sessions,
  cast(sum(b.events) as bigint) as events,
  count(case when b.purchases > 0 then 1 end) as buying
from begun as b
group by b.day
order by b.day
