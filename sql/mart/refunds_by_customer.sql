-- one row per customer with refunds that count.
-- A refund counts when its purchase was never voided and lies in another calendar month (the year counts).
-- Guests have no customer and unknown purchases have no row, so neither appears.
-- grain: customer_id
with counted as (
  select p.customer_id, r.amount
  from base.refund as r
  inner join base.purchase as p on p.id = r.parent_id
  where p.customer_id is not null
    and (year(r.timestamp) <> year(p.timestamp) or month(r.timestamp) <> month(p.timestamp))
    and not exists (select v.id from base.void as v where v.parent_id = p.id)
)
select c.customer_id, cast(sum(c.amount) as decimal(38, 2)) as total_refund
from counted as c
group by c.customer_id
