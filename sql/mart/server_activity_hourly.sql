-- one row per UTC hour with requests: how many, how many failed, how long they took.
-- A percentile is the smallest time that at least so many of a hundred timed requests did not exceed (nearest rank), in
-- whole milliseconds cut down; counting equal times first makes it exact, and the same on every engine.
-- grain: day, hour
with request as (
  select
    cast(w.requested_at as date) as day,
    hour(w.requested_at) as hour,
    w.status,
    w.bytes_sent,
    cast(floor(w.request_seconds * 1000) as bigint) as ms
  from base.web_log as w
),
activity as (
  select
    r.day,
    r.hour,
    count(*) as requests,
    count(case when r.status between 400 and 499 then 1 end) as client_errors,
    count(case when r.status between 500 and 599 then 1 end) as server_errors,
    cast(coalesce(sum(r.bytes_sent), 0) as bigint) as bytes_sent,
    count(r.ms) as timed_requests
  from request as r
  group by r.day, r.hour
),
latency as (
  select r.day, r.hour, r.ms, count(*) as requests
  from request as r
  where r.ms is not null
  group by r.day, r.hour, r.ms
),
reached as (
  select
    l.day,
    l.hour,
    l.ms,
    sum(l.requests) over (
      partition by l.day, l.hour order by l.ms rows between unbounded preceding and current row
    ) as requests
  from latency as l
)
select
  a.day,
  a.hour,
  a.requests,
  a.client_errors,
  a.server_errors,
  a.bytes_sent,
  a.timed_requests,
  min(case when 100 * r.requests >= 50 * a.timed_requests then r.ms end) as p50_ms,
  min(case when 100 * r.requests >= 95 * a.timed_requests then r.ms end) as p95_ms,
  min(case when 100 * r.requests >= 99 * a.timed_requests then r.ms end) as p99_ms
from activity as a
left join reached as r on r.day = a.day and r.hour = a.hour
group by a.day, a.hour, a.requests, a.client_errors, a.server_errors, a.bytes_sent, a.timed_requests
