-- one row per as-of date: orders placed on public holidays in the year before it, by calendar month.
-- A public holiday is a day from Monday to Friday that is no working day. The year begins the day after the same date
-- last year and ends on the as-of date; from 29 February it begins on 1 March. Always one row, zeros without orders.
-- grain: ingestion_date
with holiday as (
  select d.calendar_dt
  from base.dim_dates as d
  where d.day_of_the_week_num between 1 and 5
    and d.working_day = false
),
placed as (
  select month(o.order_date) as month_num
  from base.orders as o
  inner join holiday as h on h.calendar_dt = o.order_date
  where o.order_date > :as_of - interval '1' year
    and o.order_date <= :as_of
)
select
  :as_of as ingestion_date,
  count(case when p.month_num = 1 then 1 end) as tt_order_hol_jan,
  count(case when p.month_num = 2 then 1 end) as tt_order_hol_feb,
  count(case when p.month_num = 3 then 1 end) as tt_order_hol_mar,
  count(case when p.month_num = 4 then 1 end) as tt_order_hol_apr,
  count(case when p.month_num = 5 then 1 end) as tt_order_hol_may,
  count(case when p.month_num = 6 then 1 end) as tt_order_hol_jun,
  count(case when p.month_num = 7 then 1 end) as tt_order_hol_jul,
  count(case when p.month_num = 8 then 1 end) as tt_order_hol_aug,
  count(case when p.month_num = 9 then 1 end) as tt_order_hol_sep,
  count(case when p.month_num = 10 then 1 end) as tt_order_hol_oct,
  count(case when p.month_num = 11 then 1 end) as tt_order_hol_nov,
  count(case when p.month_num = 12 then 1 end) as tt_order_hol_dec
from placed as p
