"""Checks are measured on what the run would publish: one scan for all that look at rows, one query for each other."""

import hashlib
import json

from .blast_radius import blast_radius
from .contests import contestants, contests_of
from .plan import bind, literal, tables_in
from .refused_fields import refusals_of
from .state import State
from .verdicts import is_broken, judge, offender


def measure(state: State, table: dict, checks: list[dict]) -> None:
    """Measures some of a table's checks. A check that looks at a table which is not there (yet) says nothing."""
    if not checks or table["name"] in state.held:
        return
    there = lambda name: name == table["name"] or name.startswith("ops.") or name in state.made or name in state.changed
    measurable = [check for check in checks if all(there(name) for name in decides(table, check)[0])]
    scan = _scan(state, table, measurable)
    for check in checks:
        measured = _measured(state, table, check, scan) if check in measurable else None
        outcome = judge(table, check, measured)
        if is_broken(outcome):
            outcome["offenders"] = _offenders(state, table, check)
            outcome["reaches"] = blast_radius(state.plan, table["name"])
        # Rows that are only a candidate have no version: should they be held, the check is due on those that stand.
        version = lambda name: state.run_id if name in state.changed else state.version_of(name)
        made_from = {name: version(name) for name in decides(table, check)[0]}
        state.outcomes[table["name"], check["name"]] = {**outcome, "by": fingerprint(check), "from": made_from}


def due_checks(state: State, table: dict) -> list[dict]:
    """The checks whose standing outcome does not speak of the rows, the date or the statement of this run."""
    if table["name"] in state.held:
        return []
    return [check for check in table["checks"] if _is_due(state, table, check)]


def _is_due(state: State, table: dict, check: dict) -> bool:
    key = (table["name"], check["name"])
    if key in state.outcomes:
        return False
    standing = state.standing.get(key)
    if standing is None:
        return True
    tables, by_date = decides(table, check)
    moved = any(name in state.changed or standing["from"].get(name) != state.version_of(name) for name in tables)
    return moved or standing["by"] != fingerprint(check) or (by_date and standing["as_of"] != state.as_of)


def decides(table: dict, check: dict) -> tuple[list[str], bool]:
    """The tables whose rows decide a check, and whether the as-of date does."""
    measure = check["measure"]
    text = {"query": lambda: measure["query"]["spark"], "scan": lambda: table["scan"]["spark"]}.get(
        measure["kind"], lambda: ""
    )()
    return list(dict.fromkeys([table["name"], *tables_in(text)])), "{{as_of}}" in text


def fingerprint(check: dict) -> str:
    """What an outcome depends on beside rows and the as-of date."""
    measure = check["measure"]
    query = measure["query"]["spark"] if measure["kind"] == "query" else measure["kind"]
    text = json.dumps([check["says"], check["severity"], check["tolerate"], query])
    return hashlib.sha256(text.encode()).hexdigest()


def _sql(state: State, template: str):
    seen = lambda name: files_after(state) if name == "ops.file" else state.lake.seen(name)
    return state.lake.spark.sql(bind(template, seen, state.as_of))


def _scan(state: State, table: dict, checks: list[dict]) -> dict:
    if not any(check["measure"]["kind"] == "scan" for check in checks):
        return {}
    return _sql(state, table["scan"]["spark"]).first().asDict()


def _measured(state: State, table: dict, check: dict, scan: dict) -> tuple[int, int] | None:
    measure = check["measure"]
    match measure["kind"]:
        case "scan":
            return scan[measure["alias"]], 1 if measure["of"] == "table" else scan["total"]
        case "query":
            row = _sql(state, measure["query"]["spark"]).first()
            return row.failed, row.total
        case "load":
            return contests_of(state, table)
        case _:
            return refusals_of(state, table)[:2]


def _offenders(state: State, table: dict, check: dict) -> list[dict]:
    match check["measure"]["kind"]:
        case "load":
            key = [column for column in table["columns"] if column["name"] in table["grain"]]
            return [offender(key, row) for row in contestants(state, table)]
        case "refusals":
            return refusals_of(state, table)[2]
    if check["offenders"] is None:
        return []
    return [offender(table["columns"], row.asDict()) for row in _sql(state, check["offenders"]["spark"]).collect()]


def files_after(state: State) -> str:
    """The ledger of files as it would be: dataset, status, arrival of every loaded file."""
    kept = [table for table in state.loaded() if table["name"] not in state.held]
    again = [literal(table["making"]["source"]) for table in kept if table["name"] in state.rebuild]
    where = f" where dataset not in ({', '.join(again)})" if again else ""
    stored = f"select dataset, status, arrived_on from {state.lake.name('ops.file')}{where}"
    # A constant, however many files there are: a select for each would be more than Spark can parse.
    taken = {(new.found.file.dataset, new.found.arrived_on) for table in kept for new, _ in state.loadings[table["name"]].taken}
    rows = json.dumps([{"dataset": dataset, "arrived_on": day} for dataset, day in sorted(taken)])
    loaded = f"select inline(from_json({literal(rows)}, 'array<struct<dataset: string, arrived_on: date>>'))"
    return f"({stored} union all select dataset, 'loaded', arrived_on from ({loaded}) as l)"
