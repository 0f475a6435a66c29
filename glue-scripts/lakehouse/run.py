"""A run: new raw files become typed rows, marts are built level by level, checks are measured, and one commit publishes it all."""

import datetime
import functools
import time
import uuid
from collections.abc import Callable

from pyspark.sql import SparkSession

from .checks import due_checks, measure
from .computing import build_models, guard_loads, mark_stale
from .lake import Lake, NotSettled
from .ledger import TABLES, create_ledger, finished_runs, tidy_ledger
from .publishing import commit, faults_after, note_made, note_run, write_ledger
from .reading import read_raw
from .result import failure_of, result_of, says
from .side_by_side import side_by_side
from .state import State, begin_state
from .storage import storage_at


def run(spark: SparkSession, plan: dict, arguments, say) -> tuple[dict, list[str]]:
    """
    Runs the plan. Safe to repeat and to kill at any moment.
    @returns the result and notes; a run that failed published nothing, and its result says why.
    @raises NotSettled
    """
    run_id, started, started_at = str(uuid.uuid4()), time.monotonic(), datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
    lake = Lake(spark, arguments.databases, run_id)
    try:
        create_ledger(lake, arguments.parallel)
        tables = [*TABLES, *(table["name"] for table in plan["tables"])]
        notes = lake.recover(tables, lambda: finished_runs(lake), arguments.parallel)
        state = begin_state(lake, plan, storage_at(arguments.raw), arguments, run_id, say)
        state.notes[:0] = notes
        result = _run(state, started, started_at)
    except NotSettled:
        raise
    except Exception as error:
        result = failure_of(run_id, arguments.as_of, time.monotonic() - started, error)
        return result, _clear(lake, started_at, result)
    # Behind the commit point: what fails here does not make it a failed run.
    if result["status"] == "ok":
        state.notes.extend(tidy_ledger(lake, arguments.snapshot_days, arguments.parallel))
    return result, state.notes


def _run(state: State, started: float, started_at: datetime.datetime) -> dict:
    try:
        made = _make(state)
    finally:
        for loading in state.loadings.values():
            loading.release()
    result = result_of(state, time.monotonic() - started)
    if made:
        state.say("publishing")
        commit(state, started_at, result)
    return result


def _make(state: State) -> bool:
    """Writes all that the run comes to, to its branches. @returns whether there is anything to publish."""
    read_raw(state)
    mark_stale(state)
    if not _anything_to_do(state):
        return False
    guard_loads(state)
    build_models(state)
    side_by_side(state, state.tables, lambda table: measure(state, table, due_checks(state, table)))
    note_made(state)
    write_ledger(state)
    return True


def _clear(lake: Lake, started_at: datetime.datetime, result: dict) -> list[str]:
    """Takes back what a failed run wrote, and notes it. @returns what of it failed too, and is no reason to hide the first failure."""
    notes = []

    def attempt(what: str, act: Callable[[], None]) -> None:
        try:
            act()
        except Exception as error:
            notes.append(f"{what}: {says(error)}")

    def note() -> None:
        if lake.has("ops.run"):
            note_run(lake, started_at, result)

    for table in sorted(lake.written):
        attempt(f"the next run drops what this one wrote to {table}", functools.partial(lake.abandon, table))
    attempt("ops.run does not show that this run failed", note)
    return notes


def _anything_to_do(state: State) -> bool:
    recognised = any(loading.delivery.remembered for name, loading in state.loadings.items() if name not in state.held)
    moved = any(rows != state.faults[table] for table, rows in faults_after(state).items())
    return bool(state.changed) or recognised or moved or any(due_checks(state, table) for table in state.tables)
