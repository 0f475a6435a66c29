-- one row per location and sku: what is on hand after all of its events, applied in the order of their sequence.
-- Receipts and transfers in add, picks and transfers out take away, an adjustment adds its sign and all, a count sets:
-- what came before the last count does not matter. Of events that share a sequence the greater event_id is the later.
-- A sum beyond 64 bits is their end: one absurd event must not keep every other position from being known.
-- Grouped and joined rather than ranked: this runs after every micro-batch, and a sort would cost half as much again.
-- grain: location_id, sku
with bound as (
  select
    e.location_id,
    e.sku,
    max(e.sequence) as last_sequence,
    max(case when e.type = 'count' then e.sequence end) as count_sequence
  from base.inventory_event as e
  group by e.location_id, e.sku
),
decided as (
  select
    b.location_id,
    b.sku,
    b.last_sequence,
    b.count_sequence,
    max(case when e.sequence = b.last_sequence then e.event_id end) as last_id,
    max(case when e.type = 'count' and e.sequence = b.count_sequence then e.event_id end) as count_id
  from bound as b
  inner join base.inventory_event as e on e.location_id = b.location_id and e.sku = b.sku
  where e.sequence = b.last_sequence or e.sequence = b.count_sequence
  group by b.location_id, b.sku, b.last_sequence, b.count_sequence
),
standing as (
  select
    e.location_id,
    e.sku,
    case when e.type in ('pick', 'transfer_out') then -e.quantity else e.quantity end as change,
    d.last_sequence,
    case when e.event_id = d.last_id then e.occurred_at end as last_event_at
  from base.inventory_event as e
  inner join decided as d on d.location_id = e.location_id and d.sku = e.sku
  where d.count_id is null
    or e.sequence > d.count_sequence
    or (e.sequence = d.count_sequence and e.event_id >= d.count_id)
),
summed as (
  select
    s.location_id,
    s.sku,
    sum(cast(s.change as decimal(38, 0))) as on_hand,
    max(s.last_sequence) as last_sequence,
    max(s.last_event_at) as last_event_at
  from standing as s
  group by s.location_id, s.sku
)
select
  t.location_id,
  t.sku,
  case
    when t.on_hand > 9223372036854775807 then 9223372036854775807
    when t.on_hand < -9223372036854775807 then -9223372036854775807 - 1
    else cast(floor(t.on_hand) as bigint)
  end as on_hand,
  t.last_sequence,
  t.last_event_at
from summed as t
