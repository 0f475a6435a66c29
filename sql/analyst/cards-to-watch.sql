-- one row per card that is used unlike before: which cards had five purchases in 24 hours, or one of five times the usual amount?
-- grain: card_id
select
  a.card_id,
  a.purchases_24h,
  a.amount_24h,
  a.amount_to_usual,
  a.new_countries_7d,
  a.disputed_90d
from feature.card_activity as a
where a.purchases_24h >= 5 or a.amount_to_usual >= 5
order by a.purchases_24h desc, a.amount_24h desc, a.card_id
