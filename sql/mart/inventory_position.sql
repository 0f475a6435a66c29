-- one row per location and sku: what is on hand after all of its events, applied in the order of their sequence.
-- Receipts and transfers in add, picks and transfers out take away, an adjustment adds its sign and all, a count sets:
-- what came before the last count does not matter. Of events that share a sequence the greater event_id is the later.
-- grain: location_id, sku
with applied as (
  select
    e.location_id,
    e.sku,
    e.type,
    case when e.type in ('pick', 'transfer_out') then -e.quantity else e.quantity end as change,
    e.sequence,
    e.occurred_at,
    row_number() over (partition by e.location_id, e.sku order by e.sequence desc, e.event_id desc) as from_last
  from base.inventory_event as e
),
counted as (
  select a.location_id, a.sku, min(a.from_last) as from_last
  from applied as a
  where a.type = 'count'
  group by a.location_id, a.sku
),
standing as (
  select a.location_id, a.sku, a.change, a.sequence, a.occurred_at, a.from_last
  from applied as a
  left join counted as c on c.location_id = a.location_id and c.sku = a.sku
  where c.from_last is null or a.from_last <= c.from_last
)
select
  s.location_id,
  s.sku,
  cast(sum(s.change) as bigint) as on_hand,
  max(case when s.from_last = 1 then s.sequence end) as last_sequence,
  max(case when s.from_last = 1 then s.occurred_at end) as last_event_at
from standing as s
group by s.location_id, s.sku
