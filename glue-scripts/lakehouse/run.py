"""A run: new raw files become typed rows, marts are built level by level, checks are measured, and one commit publishes it all."""

import datetime
import time
import uuid

from pyspark.sql import SparkSession

from .checks import due_checks, measure
from .computing import build_models, guard_loads, mark_stale
from .lake import Lake, NotAllPublished
from .ledger import TABLES, create_ledger, finished_runs, tidy_ledger
from .publishing import commit, faults_after, note_made, note_run, write_ledger
from .reading import read_raw
from .result import failure_of, result_of
from .side_by_side import side_by_side
from .state import State, begin_state
from .storage import storage_at


def run(spark: SparkSession, plan: dict, arguments, say) -> tuple[dict, list[str]]:
    """
    Runs the plan. Safe to repeat and to kill at any moment.
    @returns the result and notes; a run that failed published nothing, and its result says why.
    @raises NotAllPublished
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
        if result["status"] == "ok":
            state.notes.extend(tidy_ledger(lake, arguments.snapshot_days, arguments.parallel))
        return result, state.notes
    except NotAllPublished:
        raise
    except Exception as error:
        result = failure_of(run_id, arguments.as_of, time.monotonic() - started, error)
        for table in list(lake.written):
            lake.abandon(table)
        if lake.has("ops.run"):
            note_run(lake, started_at, result)
        return result, []


def _run(state: State, started: float, started_at: datetime.datetime) -> dict:
    try:
        read_raw(state)
        mark_stale(state)
        if not _anything_to_do(state):
            return result_of(state, time.monotonic() - started)
        guard_loads(state)
        build_models(state)
        side_by_side(state, state.tables, lambda table: measure(state, table, due_checks(state, table)))
        note_made(state)
        write_ledger(state)
        result = result_of(state, time.monotonic() - started)
        state.say("publishing")
        commit(state, started_at, result)
        return result
    finally:
        for loading in state.loadings.values():
            loading.release()


def _anything_to_do(state: State) -> bool:
    recognised = any(loading.delivery.remembered for name, loading in state.loadings.items() if name not in state.held)
    moved = any(rows != state.faults[table] for table, rows in faults_after(state).items())
    return bool(state.changed) or recognised or moved or any(due_checks(state, table) for table in state.tables)
