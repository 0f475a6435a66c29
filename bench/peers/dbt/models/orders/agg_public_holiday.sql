select
{% for month in ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] %}
  count(*) filter (month(o.order_date) = {{ loop.index }}) as tt_order_hol_{{ month }}{{ ',' if not loop.last }}
{% endfor %}
from {{ ref('orders') }} as o
join {{ ref('dim_dates') }} as d on d.calendar_dt = o.order_date
where d.day_of_the_week_num between 1 and 5 and not d.working_day
  and o.order_date > date '{{ var("as_of") }}' - interval 1 year and o.order_date <= date '{{ var("as_of") }}'
