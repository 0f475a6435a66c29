-- one row per hour, the twenty in which one of twenty requests took longest.
-- grain: day, hour
select a.day, a.hour, a.requests, a.p50_ms, a.p95_ms, a.p99_ms
from mart.server_activity_hourly as a
where a.p95_ms is not null
order by a.p95_ms desc, a.day, a.hour
limit 20
