-- one row per applicant whose salary on the bank statements is less than half of the income declared, or whose payslips nobody confirms.
-- grain: applicant_id
select
  a.applicant_id,
  a.declared_income,
  a.salary_12m,
  a.salary_to_declared,
  a.self_employed_share,
  a.employers_12m,
  a.payslips_confirmed
from feature.mortgage_applicant as a
where a.salary_to_declared < 50 or a.payslips_confirmed = 0
order by a.salary_to_declared, a.applicant_id
