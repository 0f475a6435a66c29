"""
Judges one day's source data before anything is loaded: the records, fates and numbers that the run will give. A day is the
rows whose event time is that UTC day, or the files that arrived on it where rows have no time. Reads no lake, writes nothing.
"""

import datetime
import re
import time

from pyspark.sql import SparkSession

from .blast_radius import blast_radius
from .checks import measure
from .delivery import judge
from .discovery import Found, Storage, inspect_all, list_raw
from .fates import NO_FATES, settle
from .loading import Loading, take_records
from .plan import is_loaded, literal, named_tables
from .record_ledger import quarantined
from .records import Layout
from .refused_fields import reason_of
from .state import State
from .verdicts import is_broken, mask
from .verdicts import judge as judge_check

# Checks that one day's records can decide; references, freshness and sums are judged by the run, which sees the whole table.
DECIDABLE = re.compile(r"regular$|(at_least|between|one_of|capitals|email|unique|one_claim)\(")
ARRIVED = {"name": "arrived", "says": "records of the day", "severity": "warn", "tolerate": {"rows": 0}}
CONFORMS = {"name": "conforms", "says": "every record keeps the contract", "severity": "fail", "tolerate": {"rows": 0}}


class Day:
    """Stands for the lake: a table is what its load of the day would add."""

    def __init__(self, spark: SparkSession):
        self.spark = spark
        self.accepted: dict[str, int] = {}

    def seen(self, table: str) -> str:
        return f"day_{table.replace('.', '_')}"

    def rows(self, table: str) -> int:
        return self.accepted[table]


def validate(spark: SparkSession, plan: dict, arguments, storage: Storage) -> dict:
    """What `lakehouse validate --format json` prints: findings, worst of each table first."""
    started, date = time.monotonic(), arguments.as_of
    named = set(named_tables(plan, arguments.only)) or {table["name"] for table in plan["tables"]}
    tables = [table for table in plan["tables"] if is_loaded(table) and table["name"] in named]
    found, _ = list_raw(storage, {source["name"] for source in plan["sources"]})
    files = {t["name"]: [f for f in found[t["making"]["source"]] if _may_hold(f, t, date)] for t in tables}
    layouts = {table["making"]["source"]: Layout.of(table) for table in tables}
    seen = inspect_all(spark.sparkContext, storage, [f for mine in files.values() for f in mine], layouts, arguments.parts_from)
    days = [_judge_day(_day_state(spark, plan, storage, date), table, files[table["name"]], seen) for table in tables]
    checks = [check for day in days for check in day["checks"]]
    read = [file for day in days for file in day["files"]]
    broken = any(file["status"] == "refused" for file in read) or any(check["verdict"] == "fail" for check in checks)
    return {
        "date": date,
        "status": "fail" if broken else "pass",
        "seconds": round(time.monotonic() - started, 3),
        "tables": [day["table"] for day in days],
        "checks": checks,
        "files": read,
    }


def _may_hold(found: Found, table: dict, date: str) -> bool:
    if table["making"]["eventTime"] is None:
        return found.arrived_on == date
    # A record does not arrive before it happens, but a source may name its folders by a clock behind UTC.
    day_before = (datetime.date.fromisoformat(date) - datetime.timedelta(days=1)).isoformat()
    return found.file.arrival_day is None or found.file.arrival_day >= day_before


def _day_state(spark: SparkSession, plan: dict, storage: Storage, date: str) -> State:
    nothing = {"tables": [], "rebuild": set(), "made": {}, "standing": {}, "faults": {}, "contested": set(), "notes": []}
    return State(lake=Day(spark), plan=plan, storage=storage, run_id="", as_of=date, parallel=1, parts_from=0, quarantine=None, say=print, **nothing)


def _judge_day(state: State, table: dict, files: list[Found], seen: dict[str, tuple]) -> dict:
    date, name = state.as_of, table["name"]
    then = {found.file.path for found in files if found.arrived_on == date}
    delivery = judge(files, [], seen, keyless=not table["grain"])
    loading = take_records(state.lake.spark, state.storage, table, delivery, _of_day(table, date, then))
    # Nobody can read the times in a refused file: like a record without one, it belongs to the day it arrived.
    results = [each for each in delivery.files if each["status"] != "refused" or each["path"] in then]
    if loading.records is None:
        fates, checks = NO_FATES, [judge_check(table, check, None) for check in table["checks"]]
    else:
        loading.settled = settle(state.lake.spark, table, loading.counts, loading.records, None)
        fates, checks = loading.settled.fates, _judge_checks(state, table, loading)
    if table["making"]["eventTime"] is not None:
        # Where rows have a time, a day without any is news: a delivery may be missing.
        missing = fates["read"] == 0
        arrived = judge_check(table, ARRIVED, (int(missing), 1))
        checks = [{**arrived, "reaches": blast_radius(state.plan, name) if missing else []}, *checks]
    loading.release()
    return {"table": {"name": name, **fates}, "checks": checks, "files": results}


def _of_day(table: dict, date: str, then: set[str]) -> str | None:
    """Which records count, as a condition, given the files that arrived on the day; None where all do."""
    time_column = table["making"]["eventTime"]
    if time_column is None:
        return None
    arrived_then = f"_raw_file in ({', '.join(map(literal, sorted(then)))})" if then else "false"
    of_day = f"cast(`{time_column}` as date) = date '{date}' or (`{time_column}` is null and {arrived_then})"
    return f"case when _at.code is null then {of_day} else {arrived_then} end"


def _judge_checks(state: State, table: dict, loading: Loading) -> list[dict]:
    name, settled = table["name"], loading.settled
    settled.incoming.createOrReplaceTempView(state.lake.seen(name))
    state.lake.accepted[name] = settled.fates["accepted"]
    state.loadings[name] = loading
    state.changed.add(name)
    decidable = [check for check in table["checks"] if DECIDABLE.match(check["name"])]
    measure(state, table, decidable)
    measured = [
        {key: value for key, value in state.outcomes[name, check["name"]].items() if key not in ("by", "from")} for check in decidable
    ]
    refused = settled.fates["quarantined"]
    conforms = judge_check(table, CONFORMS, (refused, settled.fates["read"]))
    if refused:
        conforms.update(offenders=_refused_records(state, table, loading), reaches=blast_radius(state.plan, name))
    skipped = [judge_check(table, check, None) for check in table["checks"] if check not in decidable]
    return [conforms, *filter(is_broken, measured), *(each for each in measured if not is_broken(each)), *skipped]


def _refused_records(state: State, table: dict, loading: Loading) -> list[dict]:
    rows = " union all ".join(quarantined(table, loading))
    columns = ", ".join(f"from_json(_raw, 'map<string, string>')['{column['name']}'] as `{column['name']}`" for column in table["columns"])
    first = state.lake.spark.sql(
        f"select _raw_file, _record, reasons, split, {columns} from ({rows}) as q order by _raw_file, _record limit 3"
    ).collect()
    return [
        {
            "file": row._raw_file,
            "record": row._record,
            "values": {
                **({c["name"]: mask(c, row[c["name"]]) for c in table["columns"]} if row.split else {}),
                "reasons": "; ".join(reason_of(table, code) for code in row.reasons),
            },
        }
        for row in first
    ]
