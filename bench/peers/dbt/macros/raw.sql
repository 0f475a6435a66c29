{# The raw files of a dataset with declared types, one row a key. #}
{% macro raw(name, columns, key=none) %}
select *
from read_csv(
  '{{ var("raw") }}/{{ name }}/*/*.csv',
  header = true, auto_detect = false, delim = ',', quote = '"', hive_partitioning = false, ignore_errors = {{ var("lenient") }},
  columns = { {% for column, type in columns.items() %}'{{ column }}': '{{ type }}'{{ ', ' if not loop.last }}{% endfor %} }
)
{% if key %}qualify row_number() over (partition by {{ key }} order by {{ columns.keys() | list | join(', ') }}) = 1{% endif %}
{% endmacro %}
