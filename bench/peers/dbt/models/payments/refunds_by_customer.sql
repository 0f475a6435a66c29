select p.customer_id, sum(r.amount) as total_refund
from {{ ref('refund') }} as r
join {{ ref('purchase') }} as p on p.id = r.parent_id
where p.customer_id is not null
  and date_trunc('month', r."timestamp") <> date_trunc('month', p."timestamp")
  and not exists (select 1 from {{ ref('void') }} as v where v.parent_id = p.id)
group by p.customer_id
