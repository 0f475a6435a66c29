"""Fields of lenient columns that are refused by themselves while their record counts."""

from .staging import record_rows
from .state import State
from .verdicts import mask


def refused_fields(table: dict, records: str) -> str | None:
    """`_raw_file`, `_record`, `code`, `value` of each, as SQL; None where no column is lenient."""
    if not any(column["lenient"] for column in table["columns"]):
        return None
    rows = record_rows(table, records, "_faults is null and _refused is not null", ", _raw, _refused")
    return (
        "select _raw_file, _record, code, from_json(_raw, 'map<string, string>')[substring_index(code, ':', 1)] as value "
        f"from (select _raw_file, _record, _raw, explode(split(_refused, ',')) as code from ({rows}) as r) as f"
    )


def refusals_of(state: State, table: dict) -> tuple[int, int, list[dict]]:
    """Records with such fields, records that count, and the first three fields."""
    loading = state.loadings.get(table["name"])
    if loading is None or loading.settled is None:
        return 0, 0, []
    fields = refused_fields(table, loading.records)
    fates = loading.settled.fates
    spark = state.lake.spark
    records = spark.sql(f"select count(distinct _raw_file, _record) as n from ({fields}) as f").first().n
    first = spark.sql(f"select * from ({fields}) as f order by _raw_file, _record, code, value limit 3").collect()
    return records, fates["read"] - fates["quarantined"], [_offender(table, row) for row in first]


def _offender(table: dict, row) -> dict:
    column = next((each for each in table["columns"] if row.code.startswith(f"{each['name']}:")), None)
    values = {} if column is None else {column["name"]: mask(column, row.value)}
    return {"file": row._raw_file, "record": row._record, "values": {**values, "reasons": reason_of(table, row.code)}}


# Why a typed value cannot be taken; the rest is in the plan.
RECORD_FAULTS = {
    "json_type": "has another JSON type than the contract",
    "number_range": "is a number that cannot be written out",
    "repeated_element": "stands there more than once",
    "element_content": "holds elements where text should be",
    "nul": "holds a NUL character",
    "empty": "is empty text",
}


def reason_of(table: dict, code: str) -> str:
    """A fault code in words; faults of the record itself carry theirs."""
    if code in table["making"]["faults"]:
        return table["making"]["faults"][code]
    column, _, kind = code.partition(":")
    return f"{column} {RECORD_FAULTS[kind]}" if kind in RECORD_FAULTS else code
