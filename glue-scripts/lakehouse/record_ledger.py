"""What the ledger keeps of single records: refused, set aside, contested. Of all loads of a run in one commit a table."""

from pyspark.sql import DataFrame

from .ledger import TABLES
from .loading import Loading
from .plan import literal
from .refused_fields import refused_fields
from .staging import record_rows
from .state import State


def append_records(state: State, ledger: str) -> None:
    """What the ledger keeps of single records, of all loads in one commit."""
    selects = []
    for table in state.loaded():
        loading = state.loadings[table["name"]]
        if loading.settled is not None and table["name"] not in state.held:
            selects += [f"select {literal(state.run_id)}, {rows}" for rows in RECORDS[ledger](state, table, loading)]
    if not selects:
        return
    rows = _union(state, ledger, selects)
    state.lake.append(ledger, rows)
    if ledger == "ops.quarantine" and state.quarantine:
        rows.write.mode("overwrite").partitionBy("dataset").json(f"{state.quarantine.rstrip('/')}/run={state.run_id}")


def _quarantine(state: State, table: dict, loading: Loading) -> list[str]:
    if not loading.settled.fates["quarantined"]:
        return []
    return [f"{_source(table)}, _raw_file, _record, reasons, _raw from ({rows}) as q" for rows in quarantined(table, loading)]


def _refused_field(state: State, table: dict, loading: Loading) -> list[str]:
    refused = refused_fields(table, loading.records)
    fields = "_raw_file, _record, substring_index(code, ':', 1), code, value"
    return [f"{_source(table)}, {fields} from ({refused}) as f"] if refused else []


def _discard(state: State, table: dict, loading: Loading) -> list[str]:
    return [f"{_source(table)}, d.* from ({_settling(table, loading, 'discarded')}) as d"] if loading.settled.ranked else []


def _contested(state: State, table: dict, loading: Loading) -> list[str]:
    if not loading.settled.ranked:
        return []
    name = literal(table["name"])
    if loading.settled.replaced:
        decided = f"exists (select 1 from ({_settling(table, loading, 'decided')}) as d where d.key = t.key)"
        state.lake.delete("ops.contested", f"t.table_name = {name} and {decided}")
    return [f"{name}, u.* from ({_settling(table, loading, 'undecided')}) as u"]


#: How the records of a load come into each table of the ledger.
RECORDS = {
    "ops.quarantine": _quarantine,
    "ops.refused_field": _refused_field,
    "ops.discard": _discard,
    "ops.contested": _contested,
}


def _source(table: dict) -> str:
    return literal(table["making"]["source"])


def _settling(table: dict, loading, name: str) -> str:
    return table["making"]["claims"]["spark"][name].replace("{{ranked}}", loading.settled.ranked)


def quarantined(table: dict, loading: Loading) -> list[str]:
    """Refused records of a load with all of their reasons: `_raw_file`, `_record`, `reasons`, `_raw`, and whether they could be `split`."""
    rows = record_rows(table, loading.records, "true", ", _at, _faults, _raw")
    return [
        f"select _raw_file, _record, split(_faults, ',') as reasons, _raw, true as split from ({rows}) as r where _at.code is null and _faults is not null",
        f"select _raw_file, _record, array(concat(_at.code, ': ', _at.detail)) as reasons, _at.raw as _raw, false as split from ({rows}) as r where _at.code is not null",
    ]


def _union(state: State, table: str, selects: list[str]) -> DataFrame:
    names = [column.split(" ", 1)[0] for column in TABLES[table].split(", ")]
    return state.lake.spark.sql(" union all ".join(selects)).toDF(*names).coalesce(1)
