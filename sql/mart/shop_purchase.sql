-- one row per purchase that stands in the shop database: inserted or updated last, not deleted.
-- grain: purchase_id
select p.purchase_id, p.customer_id, p.purchased_at, p.amount
from base.shop_purchase as p
where p.operation <> 'delete'
