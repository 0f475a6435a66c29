select
  count(*) filter (s.shipment_date >= o.order_date + 6 and s.delivery_date is null) as tt_late_shipments,
  count(*) filter (
    s.shipment_date is null and s.delivery_date is null and date '{{ var("as_of") }}' >= o.order_date + 15
  ) as tt_undelivered_items
from {{ ref('shipment_deliveries') }} as s
join {{ ref('orders') }} as o using (order_id)
