-- one row per calendar month of purchases: what was paid, what of it was ever refunded, and the share in percent.
-- Of purchases never voided, guests included; a refund belongs to the month of its purchase, whenever it was made, the
-- same month included. So the rate of a recent month still grows. Empty when nothing was paid.
-- grain: purchase_month
with valid as (
  select p.id, cast(date_trunc('month', p.timestamp) as date) as purchase_month, p.amount
  from base.purchase as p
  where not exists (select v.id from base.void as v where v.parent_id = p.id)
),
paid as (
  select v.purchase_month, count(*) as purchases, cast(sum(v.amount) as decimal(18, 2)) as purchased
  from valid as v
  group by v.purchase_month
),
returned as (
  select v.purchase_month, cast(sum(r.amount) as decimal(18, 2)) as refunded
  from valid as v
  inner join base.refund as r on r.parent_id = v.id
  group by v.purchase_month
),
amounts as (
  select p.purchase_month, p.purchases, p.purchased, cast(coalesce(r.refunded, 0) as decimal(18, 2)) as refunded
  from paid as p
  left join returned as r on r.purchase_month = p.purchase_month
),
cents as (
  select
    a.purchase_month,
    a.purchases,
    a.purchased,
    a.refunded,
    cast(floor(a.purchased * 100) as bigint) as purchased_cents,
    cast(floor(a.refunded * 100) as bigint) as refunded_cents
  from amounts as a
)
select
  c.purchase_month,
  c.purchases,
  c.purchased,
  c.refunded,
  percent(c.refunded_cents, c.purchased_cents) as refund_rate
from cents as c
order by c.purchase_month
