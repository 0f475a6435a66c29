-- one row per as-of date: the product with the most review points, and how it sells and ships.
-- Most points is the greatest sum of stars, the smallest product_id of equals; no row without reviews. Its day is the one
-- with the most orders for it, the earliest of equals. Early: shipped less than six days after the order and delivered.
-- Late: shipped six days or more after the order and not delivered. Both shares are of early and late together.
-- grain: ingestion_date
with reviewed as (
  select
    r.product_id,
    cast(sum(r.review) as bigint) as review_points,
    count(*) as reviews,
    count(case when r.review = 1 then 1 end) as one_star,
    count(case when r.review = 2 then 1 end) as two_star,
    count(case when r.review = 3 then 1 end) as three_star,
    count(case when r.review = 4 then 1 end) as four_star,
    count(case when r.review = 5 then 1 end) as five_star
  from base.reviews as r
  group by r.product_id
),
ranked as (
  select
    r.product_id, r.review_points, r.reviews,
    r.one_star, r.two_star, r.three_star, r.four_star, r.five_star,
    row_number() over (order by r.review_points desc, r.product_id) as place
  from reviewed as r
),
best as (
  select
    r.product_id, r.review_points, r.reviews,
    r.one_star, r.two_star, r.three_star, r.four_star, r.five_star
  from ranked as r
  where r.place = 1
),
ordered as (
  select b.product_id, o.order_id, o.order_date
  from best as b
  inner join base.orders as o on o.product_id = b.product_id
),
daily as (
  select o.product_id, o.order_date, count(*) as orders
  from ordered as o
  group by o.product_id, o.order_date
),
daily_ranked as (
  select d.product_id, d.order_date, row_number() over (order by d.orders desc, d.order_date) as place
  from daily as d
),
busiest as (
  select d.product_id, d.order_date
  from daily_ranked as d
  where d.place = 1
),
shipped as (
  select
    o.product_id,
    count(
      case when s.shipment_date < o.order_date + interval '6' day and s.delivery_date is not null then 1 end
    ) as early,
    count(
      case when s.shipment_date >= o.order_date + interval '6' day and s.delivery_date is null then 1 end
    ) as late
  from ordered as o
  inner join base.shipment_deliveries as s on s.order_id = o.order_id
  group by o.product_id
),
shares as (
  select s.product_id, s.early, s.late, s.early + s.late as early_or_late
  from shipped as s
)
select
  :as_of as ingestion_date,
  p.product_name,
  d.order_date as most_ordered_day,
  c.day_of_the_week_num between 1 and 5 and c.working_day = false as is_public_holiday,
  b.review_points as tt_review_points,
  percent(b.one_star, b.reviews) as pct_one_star_review,
  percent(b.two_star, b.reviews) as pct_two_star_review,
  percent(b.three_star, b.reviews) as pct_three_star_review,
  percent(b.four_star, b.reviews) as pct_four_star_review,
  percent(b.five_star, b.reviews) as pct_five_star_review,
  percent(s.early, s.early_or_late) as pct_early_shipments,
  percent(s.late, s.early_or_late) as pct_late_shipments
from best as b
left join base.dim_products as p on p.product_id = b.product_id
left join busiest as d on d.product_id = b.product_id
left join base.dim_dates as c on c.calendar_dt = d.order_date
left join shares as s on s.product_id = b.product_id
