-- one row per undelivered shipment: neither shipped nor delivered, ordered fifteen days or more before the as-of date.
-- grain: shipment_id
select s.shipment_id, s.order_id, o.customer_id, o.product_id, o.order_date
from base.shipment_deliveries as s
inner join base.orders as o on o.order_id = s.order_id
where s.shipment_date is null
  and s.delivery_date is null
  and :as_of >= o.order_date + interval '15' day
order by o.order_date, s.shipment_id
