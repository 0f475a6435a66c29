-- one row per event that shares its sequence with another of its location: which came first is decided by event_id.
-- grain: event_id
with contested as (
  select e.location_id, e.sequence
  from base.inventory_event as e
  group by e.location_id, e.sequence
  having count(*) > 1
)
select e.location_id, e.sequence, e.event_id, e.sku, e.type, e.quantity, e.occurred_at
from base.inventory_event as e
inner join contested as c on c.location_id = e.location_id and c.sequence = e.sequence
order by e.location_id, e.sequence, e.event_id
