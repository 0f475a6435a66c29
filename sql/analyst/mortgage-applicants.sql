-- one row per applicant: who asks for how much of the value of the home, and what income and obligations stand against it?
-- grain: applicant_id
select
  a.applicant_id,
  a.requested_amount,
  a.loan_to_value,
  a.declared_income,
  a.salary_12m,
  a.obligations_to_income,
  a.months_in_deficit_12m
from feature.mortgage_applicant as a
order by a.requested_amount desc, a.applicant_id
