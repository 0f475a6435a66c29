-- one row per as-of date of a run: checks that stood after its last run, and how many of them passed, warned and failed.
-- A check is measured when the rows that decide it have moved; until it is measured again its outcome stands.
-- grain: as_of
with days as (
  select r.as_of, max(r.started_at) as last_run
  from ops.run as r
  group by r.as_of
),
measured as (
  select
    c.verdict,
    r.started_at,
    lead(r.started_at) over (
      partition by c.table_name, c.check_name
      order by r.started_at, r.run_id
    ) as next_at
  from ops.check as c
  inner join ops.run as r on r.run_id = c.run_id
)
select
  d.as_of,
  count(*) as checks,
  count(case when m.verdict = 'pass' then 1 end) as passed,
  count(case when m.verdict = 'warn' then 1 end) as warned,
  count(case when m.verdict = 'fail' then 1 end) as failed
from days as d
inner join measured as m on m.started_at <= d.last_run and (m.next_at is null or m.next_at > d.last_run)
where m.verdict <> 'skipped'
group by d.as_of
order by d.as_of
