-- one row per product of the ten with the most review points, the best first.
-- Points are the sum of stars; of equals the smaller product_id is first.
-- grain: product_id
with reviewed as (
  select
    r.product_id,
    cast(sum(r.review) as bigint) as review_points,
    count(*) as reviews,
    count(case when r.review = 5 then 1 end) as five_star
  from base.reviews as r
  group by r.product_id
)
select
  r.product_id,
  p.product_name,
  p.product_category,
  r.review_points,
  r.reviews,
  percent(r.five_star, r.reviews) as pct_five_star_review
from reviewed as r
left join base.dim_products as p on p.product_id = r.product_id
order by r.review_points desc, r.product_id
limit 10
