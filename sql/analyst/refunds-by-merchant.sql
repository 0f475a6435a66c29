-- one row per merchant with refunds that count: of customers and of guests, the largest first.
-- A refund counts when its purchase was never voided and lies in another calendar month (the year counts).
-- total_refund adds up to mart.refunds_by_customer; guest_refund is beside it.
-- grain: merchant_id
with counted as (
  select p.merchant_id, p.customer_id, r.amount
  from base.refund as r
  inner join base.purchase as p on p.id = r.parent_id
  where (year(r.timestamp) <> year(p.timestamp) or month(r.timestamp) <> month(p.timestamp))
    and not exists (select v.id from base.void as v where v.parent_id = p.id)
)
select
  c.merchant_id,
  count(*) as refunds,
  cast(sum(case when c.customer_id is not null then c.amount else 0 end) as decimal(38, 2)) as total_refund,
  cast(sum(case when c.customer_id is null then c.amount else 0 end) as decimal(38, 2)) as guest_refund
from counted as c
group by c.merchant_id
order by total_refund desc, c.merchant_id
