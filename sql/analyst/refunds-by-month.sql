-- one row per calendar month of refunds: the refunds that count, of customers and of guests.
-- A refund counts when its purchase was never voided and lies in another calendar month (the year counts).
-- total_refund adds up to mart.refunds_by_customer; guest_refund is beside it.
-- grain: refund_month
with counted as (
  select cast(date_trunc('month', r.timestamp) as date) as refund_month, p.customer_id, r.amount
  from base.refund as r
  inner join base.purchase as p on p.id = r.parent_id
  where (year(r.timestamp) <> year(p.timestamp) or month(r.timestamp) <> month(p.timestamp))
    and not exists (select v.id from base.void as v where v.parent_id = p.id)
)
select
  c.refund_month,
  count(*) as refunds,
  cast(sum(case when c.customer_id is not null then c.amount else 0 end) as decimal(38, 2)) as total_refund,
  cast(sum(case when c.customer_id is null then c.amount else 0 end) as decimal(38, 2)) as guest_refund
from counted as c
group by c.refund_month
order by c.refund_month
