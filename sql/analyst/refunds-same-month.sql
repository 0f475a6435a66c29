-- one row per calendar month: the refunds left out of the report because purchase and refund share the month.
-- Voided purchases are left out here too, so that this and refunds-by-month add up to the refunds of valid purchases.
-- grain: refund_month
with left_out as (
  select cast(date_trunc('month', r.timestamp) as date) as refund_month, r.amount
  from base.refund as r
  inner join base.purchase as p on p.id = r.parent_id
  where year(r.timestamp) = year(p.timestamp)
    and month(r.timestamp) = month(p.timestamp)
    and not exists (select v.id from base.void as v where v.parent_id = p.id)
)
select l.refund_month, count(*) as refunds, cast(sum(l.amount) as decimal(38, 2)) as same_month_refund
from left_out as l
group by l.refund_month
order by l.refund_month
