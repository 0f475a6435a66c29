-- one row per check that was broken when it was measured last: the rule in words, rows that break it, and the as-of date it was measured for.
-- grain: table_name, check_name
with measured as (
  select
    c.table_name,
    c.check_name,
    c.says,
    c.severity,
    c.verdict,
    c.failed,
    c.total,
    r.as_of,
    row_number() over (
      partition by c.table_name, c.check_name
      order by r.started_at desc, r.run_id desc
    ) as place
  from ops.check as c
  inner join ops.run as r on r.run_id = c.run_id
)
select
  m.table_name,
  m.check_name,
  m.says,
  m.severity,
  m.verdict,
  m.failed,
  m.total,
  m.as_of as measured_as_of
from measured as m
where m.place = 1 and m.verdict in ('fail', 'warn')
order by m.verdict, m.table_name, m.check_name
