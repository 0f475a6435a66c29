-- one row per month: sessions, visitors, events a session, and sessions with a purchase in percent.
-- grain: month_start
with session as (
  select cast(date_trunc('month', s.started_at) as date) as month_start, s.visitor_id, s.events, s.purchases
  from mart.session as s
),
monthly as (
  select
    s.month_start,
    count(*) as sessions,
    count(distinct s.visitor_id) as visitors,
    avg(cast(s.events as double)) as events_per_session,
    count(case when s.purchases > 0 then 1 end) as buying
  from session as s
  group by s.month_start
)
select m.month_start, m.sessions, m.visitors, m.events_per_session, percent(m.buying, m.sessions) as buying_percent
from monthly as m
order by m.month_start
