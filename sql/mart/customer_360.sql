-- one row per customer that any source knows: who it is, what it did, bought and said.
-- Identities: site events, purchases, contacts and answers by customer_id. A visitor who was signed in as one customer only
-- is that customer's, signed in or not. An answer without customer_id is that of the one customer whose contacts have its
-- e-mail address, capitals or not. Deleted purchases do not count, and do not make a customer.
-- grain: customer_id
with visitor as (
  select e.visitor_id, min(e.customer_id) as customer_id
  from base.site_event as e
  where e.customer_id is not null
  group by e.visitor_id
  having count(distinct e.customer_id) = 1
),
visited as (
  select v.customer_id, count(*) as visitors
  from visitor as v
  group by v.customer_id
),
sat as (
  select v.customer_id, count(*) as sessions
  from visitor as v
  inner join mart.session as s on s.visitor_id = v.visitor_id
  group by v.customer_id
),
event as (
  select coalesce(e.customer_id, v.customer_id) as customer_id, e.type, e.occurred_at
  from base.site_event as e
  left join visitor as v on v.visitor_id = e.visitor_id
),
seen as (
  select
    e.customer_id,
    count(*) as events,
    count(case when e.type = 'basket' then 1 end) as baskets,
    max(e.occurred_at) as last_seen_at
  from event as e
  where e.customer_id is not null
  group by e.customer_id
),
bought as (
  select
    p.customer_id,
    count(*) as purchases,
    cast(sum(p.amount) as decimal(38, 2)) as spent,
    max(p.purchased_at) as last_purchase_at
  from mart.shop_purchase as p
  where p.customer_id is not null
  group by p.customer_id
),
contact as (
  select
    c.customer_id,
    c.name,
    c.email,
    row_number() over (partition by c.customer_id order by c.updated_at desc, c.contact_id) as place
  from base.crm_contact as c
  where c.customer_id is not null
),
known as (
  select
    c.customer_id,
    count(*) as contacts,
    max(case when c.place = 1 then c.name end) as name,
    max(case when c.place = 1 then c.email end) as email
  from contact as c
  group by c.customer_id
),
address as (
  select lower(c.email) as email, min(c.customer_id) as customer_id
  from contact as c
  where c.email is not null
  group by lower(c.email)
  having count(distinct c.customer_id) = 1
),
answer as (
  select coalesce(f.customer_id, a.customer_id) as customer_id, f.score
  from base.feedback as f
  left join address as a on a.email = lower(f.email)
),
said as (
  select
    a.customer_id,
    count(*) as answers,
    count(case when a.score >= 9 then 1 end) as promoters,
    count(case when a.score <= 6 then 1 end) as detractors
  from answer as a
  where a.customer_id is not null
  group by a.customer_id
),
customer as (
  select s.customer_id from seen as s
  union
  select b.customer_id from bought as b
  union
  select k.customer_id from known as k
  union
  select s.customer_id from said as s
)
select
  c.customer_id,
  k.name,
  k.email,
  coalesce(k.contacts, 0) as contacts,
  coalesce(v.visitors, 0) as visitors,
  coalesce(t.sessions, 0) as sessions,
  coalesce(s.events, 0) as events,
  coalesce(s.baskets, 0) as baskets,
  s.last_seen_at,
  coalesce(b.purchases, 0) as purchases,
  coalesce(b.spent, cast(0 as decimal(38, 2))) as spent,
  b.last_purchase_at,
  coalesce(a.answers, 0) as answers,
  coalesce(a.promoters, 0) as promoters,
  coalesce(a.detractors, 0) as detractors
from customer as c
left join known as k on k.customer_id = c.customer_id
left join visited as v on v.customer_id = c.customer_id
left join sat as t on t.customer_id = c.customer_id
left join seen as s on s.customer_id = c.customer_id
left join bought as b on b.customer_id = c.customer_id
left join said as a on a.customer_id = c.customer_id
