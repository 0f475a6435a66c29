with best as (
  select product_id, sum(review) as review_points, count(*) as reviews,
    {% for n in range(1, 6) %}count(*) filter (review = {{ n }}) as star_{{ n }}{{ ', ' if not loop.last }}{% endfor %}
  from {{ ref('reviews') }}
  group by product_id
  order by review_points desc, product_id
  limit 1
),
busiest as (
  select o.order_date
  from {{ ref('orders') }} as o join best using (product_id)
  group by o.order_date
  order by count(*) desc, o.order_date
  limit 1
),
shares as (
  select
    count(*) filter (s.shipment_date < o.order_date + 6 and s.delivery_date is not null) as early,
    count(*) filter (s.shipment_date >= o.order_date + 6 and s.delivery_date is null) as late
  from {{ ref('orders') }} as o
  join best using (product_id)
  join {{ ref('shipment_deliveries') }} as s using (order_id)
)
select
  p.product_name,
  d.order_date as most_ordered_day,
  c.day_of_the_week_num between 1 and 5 and not c.working_day as is_public_holiday,
  b.review_points as tt_review_points,
  {% for name in ['one', 'two', 'three', 'four', 'five'] %}
  {{ percent('b.star_' ~ loop.index, 'b.reviews') }} as pct_{{ name }}_star_review,
  {% endfor %}
  {{ percent('s.early', '(s.early + s.late)') }} as pct_early_shipments,
  {{ percent('s.late', '(s.early + s.late)') }} as pct_late_shipments
from best as b
left join {{ ref('dim_products') }} as p using (product_id)
cross join shares as s
left join busiest as d on true
left join {{ ref('dim_dates') }} as c on c.calendar_dt = d.order_date
