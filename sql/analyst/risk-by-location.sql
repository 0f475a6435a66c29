-- one row per place of the transactions: how many, of how many clients, and the share decided at high risk
-- grain: transaction_location
with placed as (
  select
    p.transaction_location,
    count(*) as transactions,
    count(distinct p.client_id) as clients,
    count(case when d.risk_level = 'High' then 1 end) as at_high_risk
  from base.processed_transactions as p
  inner join mart.risk_decision as d on d.transaction_id = p.transaction_id
  where p.transaction_location is not null
  group by p.transaction_location
)
select
  p.transaction_location,
  p.transactions,
  p.clients,
  percent(p.at_high_risk, p.transactions) as high_risk_share
from placed as p
order by p.transactions desc, p.transaction_location
