-- one row per application for a home loan known for at least 365 days: at which points in time, and with which outcome, is a model to learn?
-- A loan is priced as soon as its application is known; the outcome is the calendar months of the year from then on in which more was paid than came in.
-- grain: application_id
with later as (
  select
    a.application_id,
    year(t.booked_at) * 12 + month(t.booked_at) as booked_in,
    sum(t.amount) as net
  from base.mortgage_application as a
  inner join base.bank_transaction as t
    on t.applicant_id = a.applicant_id
    and t.booked_at > a._known_from
    and t.booked_at <= a._known_from + interval '365' day
  where a._known_from < :as_of - interval '365' day
  group by a.application_id, year(t.booked_at) * 12 + month(t.booked_at)
),

outcomes as (
  select l.application_id, count(case when l.net < 0 then 1 end) as months_in_deficit
  from later as l
  group by l.application_id
)

select
  a.applicant_id,
  a._known_from as event_time,
  a.application_id,
  a.term_months,
  o.months_in_deficit
from base.mortgage_application as a
inner join outcomes as o on o.application_id = a.application_id
order by a._known_from, a.application_id
