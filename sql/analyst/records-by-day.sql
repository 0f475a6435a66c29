-- one row per as-of date and table loaded: what became of the records that its runs read, and the share refused in percent.
-- grain: as_of, table_name
with loaded as (
  select
    r.as_of,
    s.table_name,
    cast(sum(s.read) as bigint) as records,
    cast(sum(s.accepted) as bigint) as accepted,
    cast(sum(s.duplicate) as bigint) as duplicate,
    cast(sum(s.superseded) as bigint) as superseded,
    cast(sum(s.quarantined) as bigint) as quarantined
  from ops.step as s
  inner join ops.run as r on r.run_id = s.run_id
  where s.read > 0
  group by r.as_of, s.table_name
)
select
  l.as_of,
  l.table_name,
  l.records,
  l.accepted,
  l.duplicate,
  l.superseded,
  l.quarantined,
  percent(l.quarantined, l.records) as pct_quarantined
from loaded as l
order by l.as_of, l.table_name
