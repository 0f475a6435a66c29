-- one row per document that was read least surely: which accepted documents would somebody look at first?
-- grain: document_id, applicant_id, document_type
with parts as (
  select f.document_id, f.applicant_id, f.document_type, f.confidence
  from base.document_field as f
  union all
  select l.document_id, l.applicant_id, l.document_type, l.confidence
  from base.document_line as l
)
select p.document_id, p.applicant_id, p.document_type, count(*) as parts_read, min(p.confidence) as least_confidence
from parts as p
group by p.document_id, p.applicant_id, p.document_type
having min(p.confidence) < 92
order by least_confidence, p.document_id, p.applicant_id, p.document_type
