-- one row per location and sku to replenish, the largest order first.
-- grain: location_id, sku
select r.location_id, r.sku, r.on_hand, r.outgoing, r.reorder_point, r.order_quantity
from mart.replenishment as r
order by r.order_quantity desc, r.location_id, r.sku
