-- one row per late shipment: shipped six days or more after the order, and not delivered; the longest waiting first.
-- grain: shipment_id
select s.shipment_id, s.order_id, o.customer_id, o.product_id, o.order_date, s.shipment_date
from base.shipment_deliveries as s
inner join base.orders as o on o.order_id = s.order_id
where s.shipment_date >= o.order_date + interval '6' day
  and s.delivery_date is null
order by o.order_date, s.shipment_id
