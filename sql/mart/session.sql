-- one row per session: events of a visitor with at most 30 minutes from one to the next.
-- A session is known by its first event, so its id depends on the events alone; a late event may join two sessions.
-- grain: session_id
with ordered as (
  select
    e.event_id,
    e.visitor_id,
    e.type,
    e.occurred_at,
    lag(e.occurred_at) over (partition by e.visitor_id order by e.occurred_at, e.event_id) as before_at
  from base.site_event as e
),
marked as (
  select
    o.event_id,
    o.visitor_id,
    o.type,
    o.occurred_at,
    case when o.before_at is null or o.occurred_at > o.before_at + interval '30' minute then 1 else 0 end as opens
  from ordered as o
),
numbered as (
  select
    m.event_id,
    m.visitor_id,
    m.type,
    m.occurred_at,
    m.opens,
    sum(m.opens) over (
      partition by m.visitor_id order by m.occurred_at, m.event_id rows between unbounded preceding and current row
    ) as session_number
  from marked as m
)
select
  max(case when n.opens = 1 then n.event_id end) as session_id,
  n.visitor_id,
  min(n.occurred_at) as started_at,
  max(n.occurred_at) as ended_at,
  count(*) as events,
  count(case when n.type = 'view' then 1 end) as views,
  count(case when n.type = 'search' then 1 end) as searches,
  count(case when n.type = 'basket' then 1 end) as baskets,
  count(case when n.type = 'purchase' then 1 end) as purchases
from numbered as n
group by n.visitor_id, n.session_number
