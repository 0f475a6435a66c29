"""Keys that came with several contents and no version to decide, whichever load brought them."""

from .plan import literal
from .state import State


def contests_of(state: State, table: dict) -> tuple[int, int]:
    """How many keys are contested, and of how many rows."""
    total = state.lake.rows(table["name"])
    relation = contests(state, table)
    if relation is None:
        return 0, total
    failed = state.lake.spark.sql(f"select count(distinct key) as failed from ({relation}) as r").first().failed
    return failed, total


def contestants(state: State, table: dict) -> list[dict]:
    """The first records that lost a contested key: the key's columns, `_raw_file`, `_record`."""
    rows = state.lake.spark.sql(
        f"select key, file, record from ({contests(state, table)}) as r order by key, file, record limit 3"
    ).collect()
    return [{**dict(zip(table["grain"], row.key)), "_raw_file": row.file, "_record": row.record} for row in rows]


def contests(state: State, table: dict) -> str | None:
    """
    The ledger's contests but where a later version has decided since, and the load's own: `key`, `file`, `record`. None
    where there are none.
    """
    loading = state.loadings.get(table["name"])
    ranked = loading.settled.ranked if loading and loading.settled else None
    settling = table["making"]["claims"]["spark"]
    parts = []
    if table["name"] in state.contested and not state.is_fresh(table["name"]):
        decided = settling["decided"].replace("{{ranked}}", ranked) if ranked else None
        undecided_still = f" and not exists (select 1 from ({decided}) as d where d.key = c.key)" if decided else ""
        ledger = state.lake.name("ops.contested")
        parts.append(f"select key, file, record from {ledger} as c where table_name = {literal(table['name'])}{undecided_still}")
    if ranked:
        parts.append(settling["undecided"].replace("{{ranked}}", ranked))
    return " union all ".join(parts) or None
