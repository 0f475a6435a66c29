-- one row per as-of date: shipments of known orders that are late or never arrived.
-- Late: shipped six days or more after the order, and not delivered. Undelivered: neither shipped nor delivered, and
-- ordered fifteen days or more before the as-of date. Always one row, zeros without shipments.
-- grain: ingestion_date
with shipment as (
  select o.order_date, s.shipment_date, s.delivery_date
  from base.shipment_deliveries as s
  inner join base.orders as o on o.order_id = s.order_id
)
select
  :as_of as ingestion_date,
  count(
    case when s.shipment_date >= s.order_date + interval '6' day and s.delivery_date is null then 1 end
  ) as tt_late_shipments,
  count(
    case
      when s.shipment_date is null and s.delivery_date is null and :as_of >= s.order_date + interval '15' day then 1
    end
  ) as tt_undelivered_items
from shipment as s
