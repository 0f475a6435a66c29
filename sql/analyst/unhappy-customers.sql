-- one row per customer with more answers of 0 to 6 than of 9 or 10, the one who spent most first.
-- grain: customer_id
select c.customer_id, c.answers, c.detractors, c.promoters, c.purchases, c.spent
from mart.customer_360 as c
where c.detractors > c.promoters
order by c.spent desc, c.customer_id
