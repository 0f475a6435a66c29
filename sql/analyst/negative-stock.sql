-- one row per location and sku below zero, the lowest first: something was picked that nobody booked in.
-- grain: location_id, sku
select p.location_id, p.sku, p.on_hand, p.last_sequence, p.last_event_at
from mart.inventory_position as p
where p.on_hand < 0
order by p.on_hand, p.location_id, p.sku
