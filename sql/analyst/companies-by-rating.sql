-- one row per band of credit ratings: companies rated so, as the latest events told.
-- grain: rating
with rated as (
  select
    case
      when c.credit_rating < 400 then 'below 400'
      when c.credit_rating < 600 then '400 to 599'
      when c.credit_rating < 800 then '600 to 799'
      else '800 to 1000'
    end as rating
  from base.company as c
  where c.credit_rating is not null
)
select r.rating, count(*) as companies
from rated as r
group by r.rating
order by r.rating
