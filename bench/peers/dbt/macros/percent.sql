{% macro percent(part, whole) %}round(100.0 * {{ part }} / {{ whole }}, 2){% endmacro %}
