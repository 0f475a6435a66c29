-- one row per customer and point in time: how its cards were used before, as far as that was known then.
-- A purchase is usual when it is of the last 90 days but not of the last 24 hours.
-- grain: customer_id, event_time
with recent as (
  select
    p.customer_id,
    p.event_time,
    t.card_id,
    t.merchant_id,
    t.merchant_country,
    t.amount,
    t.kind,
    t.timestamp as happened_at,
    case
      when t.kind = 'purchase' and t.amount > 0 and t.timestamp <= p.event_time - interval '24' hour then 1
      else 0
    end as is_usual
  from spine.points as p
  inner join base.card_transaction as t
    on t.customer_id = p.customer_id
    and t.timestamp <= p.event_time
    and t._known_from <= p.event_time
    and t.timestamp > p.event_time - interval '90' day
),

used as (
  select
    customer_id,
    event_time,
    count(case when kind = 'purchase' and happened_at > event_time - interval '1' hour then 1 end) as purchases_1h,
    count(case when kind = 'purchase' and happened_at > event_time - interval '24' hour then 1 end) as purchases_24h,
    count(case when kind = 'purchase' and happened_at > event_time - interval '7' day then 1 end) as purchases_7d,
    count(case when kind = 'purchase' and happened_at > event_time - interval '30' day then 1 end) as purchases_30d,
    sum(case when kind = 'purchase' and happened_at > event_time - interval '1' hour then amount end) as amount_1h,
    sum(case when kind = 'purchase' and happened_at > event_time - interval '24' hour then amount end) as amount_24h,
    sum(case when kind = 'purchase' and happened_at > event_time - interval '7' day then amount end) as amount_7d,
    sum(case when kind = 'purchase' and happened_at > event_time - interval '30' day then amount end) as amount_30d,
    max(case when kind = 'purchase' and happened_at > event_time - interval '24' hour then amount end) as amount_max_24h,
    count(case when is_usual = 1 then 1 end) as usual_purchases,
    sum(case when is_usual = 1 then amount end) as usual_amount,
    count(case when kind = 'refund' and happened_at > event_time - interval '30' day then 1 end) as refunds_30d,
    count(case when happened_at > event_time - interval '30' day then 1 end) as transactions_30d,
    count(distinct case when happened_at > event_time - interval '24' hour then card_id end) as cards_24h
  from recent
  group by customer_id, event_time
),

merchants as (
  select distinct customer_id, event_time, merchant_id
  from recent
  where happened_at > event_time - interval '7' day
),

merchant_before as (
  select s.customer_id, s.event_time, s.merchant_id, count(t.transaction_id) as uses
  from merchants as s
  left join base.card_transaction as t
    on t.customer_id = s.customer_id
    and t.merchant_id = s.merchant_id
    and t.timestamp <= s.event_time
    and t._known_from <= s.event_time
    and t.timestamp <= s.event_time - interval '7' day
  group by s.customer_id, s.event_time, s.merchant_id
),

new_merchants as (
  select customer_id, event_time, count(case when uses = 0 then 1 end) as new_7d
  from merchant_before
  group by customer_id, event_time
),

countries as (
  select distinct customer_id, event_time, merchant_country
  from recent
  where happened_at > event_time - interval '7' day
),

country_before as (
  select s.customer_id, s.event_time, s.merchant_country, count(t.transaction_id) as uses
  from countries as s
  left join base.card_transaction as t
    on t.customer_id = s.customer_id
    and t.merchant_country = s.merchant_country
    and t.timestamp <= s.event_time
    and t._known_from <= s.event_time
    and t.timestamp <= s.event_time - interval '7' day
  group by s.customer_id, s.event_time, s.merchant_country
),

new_countries as (
  select customer_id, event_time, count(case when uses = 0 then 1 end) as new_7d
  from country_before
  group by customer_id, event_time
),

disputed as (
  select p.customer_id, p.event_time, count(distinct t.transaction_id) as disputed_90d
  from spine.points as p
  inner join base.card_transaction as t
    on t.customer_id = p.customer_id
    and t.timestamp <= p.event_time
    and t._known_from <= p.event_time
  inner join base.chargeback as c
    on c.transaction_id = t.transaction_id
    and c.reported_at <= p.event_time
    and c._known_from <= p.event_time
  where c.reported_at > p.event_time - interval '90' day
  group by p.customer_id, p.event_time
)

select
  p.customer_id,
  p.event_time,
  coalesce(u.purchases_1h, 0) as purchases_1h,
  coalesce(u.purchases_24h, 0) as purchases_24h,
  coalesce(u.purchases_7d, 0) as purchases_7d,
  coalesce(u.purchases_30d, 0) as purchases_30d,
  cast(coalesce(u.amount_1h, 0) as decimal(38, 2)) as amount_1h,
  cast(coalesce(u.amount_24h, 0) as decimal(38, 2)) as amount_24h,
  cast(coalesce(u.amount_7d, 0) as decimal(38, 2)) as amount_7d,
  cast(coalesce(u.amount_30d, 0) as decimal(38, 2)) as amount_30d,
  cast(
    cast(
      floor(cast(u.amount_max_24h * u.usual_purchases * 10000 as double) / nullif(u.usual_amount, 0) + 0.5)
      as decimal(18, 0)
    ) * 0.0001 as decimal(18, 4)
  ) as amount_to_usual,
  coalesce(m.new_7d, 0) as new_merchants_7d,
  coalesce(k.new_7d, 0) as new_countries_7d,
  coalesce(u.refunds_30d, 0) as refunds_30d,
  percent(u.refunds_30d, u.transactions_30d) as refund_share_30d,
  coalesce(d.disputed_90d, 0) as disputed_90d,
  coalesce(u.cards_24h, 0) as cards_24h
from spine.points as p
left join used as u on u.customer_id = p.customer_id and u.event_time = p.event_time
left join new_merchants as m on m.customer_id = p.customer_id and m.event_time = p.event_time
left join new_countries as k on k.customer_id = p.customer_id and k.event_time = p.event_time
left join disputed as d on d.customer_id = p.customer_id and d.event_time = p.event_time
