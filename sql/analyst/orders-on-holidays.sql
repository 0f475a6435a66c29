-- one row per public holiday on which something was ordered: orders, pieces and their price.
-- A public holiday is a day from Monday to Friday that is no working day.
-- grain: holiday
select
  o.order_date as holiday,
  count(*) as orders,
  cast(sum(o.quantity) as bigint) as pieces,
  cast(sum(o.total_price) as decimal(38, 2)) as total_price
from base.orders as o
inner join base.dim_dates as d on d.calendar_dt = o.order_date
where d.day_of_the_week_num between 1 and 5
  and d.working_day = false
group by o.order_date
order by o.order_date
