-- one row per applicant, feature and base row that the feature was computed from, at the end of the as-of date.
-- Which rows count is said in sql/feature/mortgage_applicant.sql; the checks hold both to the same sums.
-- grain: applicant_id, feature, source_table, source_key
with applications as (
  select
    a.applicant_id,
    a.application_id,
    a.customer_id,
    a.requested_amount,
    a._raw_file,
    a._record,
    row_number() over (partition by a.applicant_id order by a.applied_at desc, a.application_id) as place
  from base.mortgage_application as a
  where a.applied_at <= :as_of + interval '1' day
    and a._known_from <= :as_of + interval '1' day
),

application as (
  select a.applicant_id, a.application_id, a.customer_id, a.requested_amount, a._raw_file, a._record
  from applications as a
  where a.place = 1
),

filings as (
  select
    r.applicant_id,
    r.return_id,
    r.tax_year,
    r.gross_income,
    r._raw_file,
    r._record,
    row_number() over (
      partition by r.applicant_id, r.tax_year order by r.filed_at desc, r.return_id
    ) as filing
  from base.tax_return as r
  where r.filed_at <= :as_of + interval '1' day
    and r._known_from <= :as_of + interval '1' day
),

years as (
  select
    f.applicant_id,
    f.return_id,
    f.gross_income,
    f._raw_file,
    f._record,
    row_number() over (partition by f.applicant_id order by f.tax_year desc) as place
  from filings as f
  where f.filing = 1
),

paid as (
  select t.applicant_id, t.transaction_id, t.booked_at, t.kind, t.counterparty, t.amount, t._raw_file, t._record
  from base.bank_transaction as t
  where t.booked_at <= :as_of + interval '1' day
    and t._known_from <= :as_of + interval '1' day
    and t.booked_at > :as_of - interval '364' day
),

employers as (
  select distinct p.applicant_id, p.counterparty
  from paid as p
  where p.kind = 'salary'
),

sources as (
  select
    a.applicant_id,
    'requested_amount' as feature,
    'base.mortgage_application' as source_table,
    a.application_id as source_key,
    a.requested_amount as amount,
    a._raw_file as source_file,
    a._record as source_record
  from application as a
  union all
  select
    y.applicant_id,
    case
      when y.place = 1 then 'declared_income'
      when y.place = 2 then 'income_to_year_before'
      else 'tax_years'
    end as feature,
    'base.tax_return' as source_table,
    y.return_id as source_key,
    y.gross_income as amount,
    y._raw_file as source_file,
    y._record as source_record
  from years as y
  union all
  select
    p.applicant_id,
    case
      when p.kind = 'salary' then 'salary_12m'
      when p.kind = 'rent' then 'rent_12m'
      when p.kind = 'loan' then 'loan_payments_12m'
      else 'months_in_deficit_12m'
    end as feature,
    'base.bank_transaction' as source_table,
    p.transaction_id as source_key,
    p.amount,
    p._raw_file as source_file,
    p._record as source_record
  from paid as p
  union all
  select
    a.applicant_id,
    'card_spend_12m' as feature,
    'base.card_transaction' as source_table,
    t.transaction_id as source_key,
    case when t.kind = 'refund' then -t.amount else t.amount end as amount,
    t._raw_file as source_file,
    t._record as source_record
  from application as a
  inner join base.card_transaction as t on t.customer_id = a.customer_id
  where t.timestamp <= :as_of + interval '1' day
    and t._known_from <= :as_of + interval '1' day
    and t.timestamp > :as_of - interval '364' day
  union all
  select
    d.applicant_id,
    'payslips_confirmed' as feature,
    'base.document_field' as source_table,
    d.document_id || '/' || d.field_id as source_key,
    cast(null as decimal(12, 2)) as amount,
    d._raw_file as source_file,
    d._record as source_record
  from base.document_field as d
  inner join employers as e on e.applicant_id = d.applicant_id and e.counterparty = d.field_value
  where d.document_type = 'payslip' and d.field_name = 'Employer'
    and d.extracted_at <= :as_of + interval '1' day
    and d._known_from <= :as_of + interval '1' day
  union all
  select
    d.applicant_id,
    'identity_documents' as feature,
    'base.document_line' as source_table,
    d.document_id || '/' || cast(cast(floor(d.line_number) as bigint) as varchar) as source_key,
    cast(null as decimal(12, 2)) as amount,
    d._raw_file as source_file,
    d._record as source_record
  from base.document_line as d
  where d.document_type in ('passport', 'identity_card')
    and d.extracted_at <= :as_of + interval '1' day
    and d._known_from <= :as_of + interval '1' day
)

select
  s.applicant_id,
  s.feature,
  s.source_table,
  s.source_key,
  s.amount,
  s.source_file,
  s.source_record
from sources as s
inner join application as a on a.applicant_id = s.applicant_id
