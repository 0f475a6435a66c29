-- one row per customer, the fifty who spent most.
-- grain: customer_id
select c.customer_id, c.purchases, c.spent, c.last_purchase_at, c.sessions, c.promoters, c.detractors
from mart.customer_360 as c
where c.purchases > 0
order by c.spent desc, c.customer_id
limit 50
