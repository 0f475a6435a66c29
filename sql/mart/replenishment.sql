-- one row per location and sku whose stock lasts less than seven days at the pace of the last 28.
-- The pace is what was picked or transferred out in the 28 days that end with the as-of date. Below a quarter of it the
-- stock is lifted to half of it, both rounded up; what nobody takes is lifted to zero when it stands below.
-- What is beyond 64 bits is their end: one absurd event must not keep every other answer from being given.
-- grain: location_id, sku
with taken as (
  select e.location_id, e.sku, sum(cast(e.quantity as decimal(38, 0))) as outgoing
  from base.inventory_event as e
  where e.type in ('pick', 'transfer_out')
    and cast(e.occurred_at as date) > :as_of - interval '28' day
    and cast(e.occurred_at as date) <= :as_of
  group by e.location_id, e.sku
),
paced as (
  select
    p.location_id,
    p.sku,
    p.on_hand,
    case
      when t.outgoing is null then 0
      when t.outgoing > 9223372036854775807 then 9223372036854775807
      else cast(floor(t.outgoing) as bigint)
    end as outgoing
  from mart.inventory_position as p
  left join taken as t on t.location_id = p.location_id and t.sku = p.sku
),
wanted as (
  select
    p.location_id,
    p.sku,
    p.on_hand,
    p.outgoing,
    cast(floor(cast(cast(p.outgoing as decimal(38, 0)) + 3 as double) / 4) as bigint) as reorder_point,
    cast(floor(cast(cast(p.outgoing as decimal(38, 0)) + 1 as double) / 2) as bigint) as order_up_to
  from paced as p
),
missing as (
  select
    w.location_id,
    w.sku,
    w.on_hand,
    w.outgoing,
    w.reorder_point,
    cast(w.order_up_to as decimal(38, 0)) - cast(w.on_hand as decimal(38, 0)) as order_quantity
  from wanted as w
  where w.on_hand < w.reorder_point
)
select
  m.location_id,
  m.sku,
  m.on_hand,
  m.outgoing,
  m.reorder_point,
  case
    when m.order_quantity > 9223372036854775807 then 9223372036854775807
    else cast(floor(m.order_quantity) as bigint)
  end as order_quantity
from missing as m
