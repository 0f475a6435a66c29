-- one row per day: visitors who viewed, searched, filled a basket and bought, and buyers per viewer in percent.
-- grain: day
select f.day, f.viewers, f.searchers, f.basketeers, f.buyers, percent(f.buyers, f.viewers) as conversion
from mart.funnel_daily as f
order by f.day
