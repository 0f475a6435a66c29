-- one row per gap in the sequence of a location: events that never arrived, so that its positions may be wrong.
-- grain: location_id, after_sequence
with numbered as (
  select e.location_id, e.sequence, lead(e.sequence) over (partition by e.location_id order by e.sequence, e.event_id) as following
  from base.inventory_event as e
)
select n.location_id, n.sequence as after_sequence, n.following as before_sequence, n.following - n.sequence - 1 as missing
from numbered as n
where n.following > n.sequence + 1
order by n.location_id, n.sequence
