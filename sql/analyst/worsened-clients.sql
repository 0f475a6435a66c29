-- one row per client whose credit rating fell by 100 or more from one state to the next, latest fall first
-- grain: client_id
with rated as (
  select
    c.client_id,
    c.effective_start,
    c.credit_rating,
    lag(c.credit_rating) over (partition by c.client_id order by c.effective_start) as rated_before
  from base.client as c
),
fallen as (
  select
    r.client_id,
    r.effective_start,
    r.rated_before,
    r.credit_rating,
    row_number() over (partition by r.client_id order by r.effective_start desc) as place
  from rated as r
  where r.rated_before - r.credit_rating >= 100
)
select
  f.client_id,
  f.effective_start as fell_at,
  f.rated_before,
  f.credit_rating
from fallen as f
where f.place = 1
order by f.effective_start desc, f.client_id
