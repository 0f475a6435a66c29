-- one row per applicant and point in time: income, stability and obligations, as far as known then.
-- The latest application counts, and of the returns for a tax year the one filed last. Money of a window is of the 365
-- days before the point. Shares are null where they would compare with nothing, or with less than a thousandth.
-- grain: applicant_id, event_time
with applications as (
  select
    p.applicant_id,
    p.event_time,
    a.customer_id,
    a.requested_amount,
    a.property_value,
    row_number() over (
      partition by p.applicant_id, p.event_time order by a.applied_at desc, a.application_id
    ) as place
  from spine.points as p
  inner join base.mortgage_application as a
    on a.applicant_id = p.applicant_id
    and a.applied_at <= p.event_time
    and a._known_from <= p.event_time
),

application as (
  select a.applicant_id, a.event_time, a.customer_id, a.requested_amount, a.property_value
  from applications as a
  where a.place = 1
),

filings as (
  select
    p.applicant_id,
    p.event_time,
    r.tax_year,
    r.gross_income,
    r.self_employed_income,
    row_number() over (
      partition by p.applicant_id, p.event_time, r.tax_year order by r.filed_at desc, r.return_id
    ) as filing
  from spine.points as p
  inner join base.tax_return as r
    on r.applicant_id = p.applicant_id
    and r.filed_at <= p.event_time
    and r._known_from <= p.event_time
),

years as (
  select
    f.applicant_id,
    f.event_time,
    f.gross_income,
    f.self_employed_income,
    row_number() over (partition by f.applicant_id, f.event_time order by f.tax_year desc) as place
  from filings as f
  where f.filing = 1
),

declared as (
  select
    y.applicant_id,
    y.event_time,
    count(*) as tax_years,
    max(case when y.place = 1 then y.gross_income end) as income,
    max(case when y.place = 2 then y.gross_income end) as income_before,
    max(case when y.place = 1 then y.self_employed_income end) as self_employed
  from years as y
  group by y.applicant_id, y.event_time
),

bank as (
  select
    p.applicant_id,
    p.event_time,
    sum(case when t.kind = 'salary' then t.amount end) as salary,
    count(
      distinct case when t.kind = 'salary' then year(t.booked_at) * 12 + month(t.booked_at) end
    ) as salary_months,
    count(distinct case when t.kind = 'salary' then t.counterparty end) as employers,
    sum(case when t.kind = 'rent' then -t.amount end) as rent,
    sum(case when t.kind = 'loan' then -t.amount end) as loan_payments
  from spine.points as p
  inner join base.bank_transaction as t
    on t.applicant_id = p.applicant_id
    and t.booked_at <= p.event_time
    and t._known_from <= p.event_time
    and t.booked_at > p.event_time - interval '365' day
  group by p.applicant_id, p.event_time
),

months as (
  select
    p.applicant_id,
    p.event_time,
    year(t.booked_at) * 12 + month(t.booked_at) as booked_in,
    sum(t.amount) as net
  from spine.points as p
  inner join base.bank_transaction as t
    on t.applicant_id = p.applicant_id
    and t.booked_at <= p.event_time
    and t._known_from <= p.event_time
    and t.booked_at > p.event_time - interval '365' day
  group by p.applicant_id, p.event_time, year(t.booked_at) * 12 + month(t.booked_at)
),

deficits as (
  select m.applicant_id, m.event_time, count(case when m.net < 0 then 1 end) as months
  from months as m
  group by m.applicant_id, m.event_time
),

card as (
  select
    a.applicant_id,
    a.event_time,
    sum(case when t.kind = 'refund' then -t.amount else t.amount end) as spend
  from application as a
  inner join base.card_transaction as t
    on t.customer_id = a.customer_id
    and t.timestamp <= a.event_time
    and t._known_from <= a.event_time
    and t.timestamp > a.event_time - interval '365' day
  group by a.applicant_id, a.event_time
),

payslips as (
  select p.applicant_id, p.event_time, count(distinct d.document_id) as confirmed
  from spine.points as p
  inner join base.document_field as d
    on d.applicant_id = p.applicant_id
    and d.extracted_at <= p.event_time
    and d._known_from <= p.event_time
  inner join base.bank_transaction as t
    on t.applicant_id = p.applicant_id
    and t.counterparty = d.field_value
    and t.booked_at <= p.event_time
    and t._known_from <= p.event_time
    and t.booked_at > p.event_time - interval '365' day
  where d.document_type = 'payslip' and d.field_name = 'Employer' and t.kind = 'salary'
  group by p.applicant_id, p.event_time
),

identities as (
  select p.applicant_id, p.event_time, count(distinct d.document_id) as documents
  from spine.points as p
  inner join base.document_line as d
    on d.applicant_id = p.applicant_id
    and d.extracted_at <= p.event_time
    and d._known_from <= p.event_time
  where d.document_type in ('passport', 'identity_card')
  group by p.applicant_id, p.event_time
),

-- in cents, so that shares compare whole numbers
amounts as (
  select
    p.applicant_id,
    p.event_time,
    cast(floor(a.requested_amount * 100) as bigint) as requested,
    cast(floor(a.property_value * 100) as bigint) as property,
    cast(floor(d.income * 100) as bigint) as income,
    cast(floor(d.income_before * 100) as bigint) as income_before,
    cast(floor(d.self_employed * 100) as bigint) as self_employed,
    cast(floor(coalesce(b.salary, 0) * 100) as bigint) as salary,
    cast(floor((coalesce(b.rent, 0) + coalesce(b.loan_payments, 0)) * 100) as bigint) as obligations
  from spine.points as p
  left join application as a on a.applicant_id = p.applicant_id and a.event_time = p.event_time
  left join declared as d on d.applicant_id = p.applicant_id and d.event_time = p.event_time
  left join bank as b on b.applicant_id = p.applicant_id and b.event_time = p.event_time
)

select
  p.applicant_id,
  p.event_time,
  a.requested_amount,
  case
    when c.requested between -1000 * c.property and 1000 * c.property then percent(c.requested, c.property)
  end as loan_to_value,
  coalesce(d.tax_years, 0) as tax_years,
  d.income as declared_income,
  case
    when c.income between -1000 * c.income_before and 1000 * c.income_before then percent(c.income, c.income_before)
  end as income_to_year_before,
  case
    when c.self_employed between -1000 * c.income and 1000 * c.income then percent(c.self_employed, c.income)
  end as self_employed_share,
  cast(coalesce(b.salary, 0) as decimal(38, 2)) as salary_12m,
  coalesce(b.salary_months, 0) as salary_months_12m,
  coalesce(b.employers, 0) as employers_12m,
  case
    when c.salary between -1000 * c.income and 1000 * c.income then percent(c.salary, c.income)
  end as salary_to_declared,
  coalesce(s.confirmed, 0) as payslips_confirmed,
  coalesce(i.documents, 0) as identity_documents,
  cast(coalesce(b.rent, 0) as decimal(38, 2)) as rent_12m,
  cast(coalesce(b.loan_payments, 0) as decimal(38, 2)) as loan_payments_12m,
  cast(coalesce(k.spend, 0) as decimal(38, 2)) as card_spend_12m,
  coalesce(f.months, 0) as months_in_deficit_12m,
  case
    when c.obligations between -1000 * c.salary and 1000 * c.salary then percent(c.obligations, c.salary)
  end as obligations_to_income
from spine.points as p
inner join amounts as c on c.applicant_id = p.applicant_id and c.event_time = p.event_time
left join application as a on a.applicant_id = p.applicant_id and a.event_time = p.event_time
left join declared as d on d.applicant_id = p.applicant_id and d.event_time = p.event_time
left join bank as b on b.applicant_id = p.applicant_id and b.event_time = p.event_time
left join deficits as f on f.applicant_id = p.applicant_id and f.event_time = p.event_time
left join card as k on k.applicant_id = p.applicant_id and k.event_time = p.event_time
left join payslips as s on s.applicant_id = p.applicant_id and s.event_time = p.event_time
left join identities as i on i.applicant_id = p.applicant_id and i.event_time = p.event_time
