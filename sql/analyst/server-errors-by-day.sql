-- one row per day: requests, faults of the servers and of who asked, and faults of the servers in percent.
-- grain: day
with daily as (
  select
    a.day,
    cast(sum(a.requests) as bigint) as requests,
    cast(sum(a.server_errors) as bigint) as server_errors,
    cast(sum(a.client_errors) as bigint) as client_errors
  from mart.server_activity_hourly as a
  group by a.day
)
select d.day, d.requests, d.server_errors, d.client_errors, percent(d.server_errors, d.requests) as server_error_rate
from daily as d
order by d.day
