-- one row per applicant, feature and table: how many rows of how many files does each feature stand on, and what do they add up to?
-- grain: applicant_id, feature, source_table
select
  s.applicant_id,
  s.feature,
  s.source_table,
  count(*) as source_rows,
  count(distinct s.source_file) as source_files,
  cast(sum(s.amount) as decimal(38, 2)) as amount
from mart.mortgage_feature_source as s
group by s.applicant_id, s.feature, s.source_table
order by s.applicant_id, s.feature, s.source_table
