-- one row per customer who filled a basket and never bought, the one seen last first.
-- grain: customer_id
select c.customer_id, c.baskets, c.sessions, c.last_seen_at
from mart.customer_360 as c
where c.baskets > 0 and c.purchases = 0
order by c.last_seen_at desc, c.customer_id
