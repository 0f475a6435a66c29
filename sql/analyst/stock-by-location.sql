-- one row per location: how many SKUs it holds, pieces on hand, and SKUs at or below zero.
-- grain: location_id
select
  p.location_id,
  count(*) as skus,
  cast(sum(p.on_hand) as bigint) as on_hand,
  count(case when p.on_hand = 0 then 1 end) as out_of_stock,
  count(case when p.on_hand < 0 then 1 end) as below_zero
from mart.inventory_position as p
group by p.location_id
order by p.location_id
