"""The ledger of a run, and the moment when everything becomes visible."""

import datetime
import functools
import json

from .change import definition_of
from .computing import as_ofs_of
from .ledger import rows_of
from .plan import is_loaded, literal
from .record_ledger import RECORDS, append_records
from .side_by_side import side_by_side
from .state import State


def note_made(state: State) -> None:
    """How the changed tables stand now."""
    for table in state.tables:
        name = table["name"]
        if name not in state.changed:
            continue
        rows = state.lake.rows(name)
        state.made[name] = {
            "definition": definition_of(table),
            "changed_in": state.run_id,
            "made_from": {},
            "as_ofs": [] if is_loaded(table) else as_ofs_of(state, table)[1],
            "rows": rows,
        }
        state.results[name] = {**state.result_of(table), "rows": rows}
    for table in state.tables:
        if table["name"] in state.changed:
            state.made[table["name"]]["made_from"] = {read: state.version_of(read) for read in table["reads"]}


def write_ledger(state: State) -> None:
    """Writes what the run did to the run's branches of the ledger, table by table side by side."""
    for table in state.loaded():
        if table["name"] in state.rebuild and table["name"] in state.changed:
            _forget(state, table)
    writes = [
        lambda: _append_rows(state, "ops.file", _files(state)),
        lambda: _append_rows(state, "ops.step", [_step(state, t) for t in state.tables if t["name"] in state.changed]),
        lambda: _append_rows(state, "ops.check", [_check(state.run_id, each) for each in state.outcomes.values()]),
        *(functools.partial(append_records, state, table) for table in RECORDS),
        lambda: _write_made(state),
        *(functools.partial(_write_faults, state, table, rows) for table, rows in faults_after(state).items()),
    ]
    side_by_side(state, writes, lambda write: write())


def _write_made(state: State) -> None:
    if not state.changed:
        return
    rows = [
        (name, json.dumps(m["definition"]), m["changed_in"], json.dumps(m["made_from"]), json.dumps(m["as_ofs"]), m["rows"])
        for name, m in sorted(state.made.items())
    ]
    state.lake.overwrite("ops.made", rows_of(state.lake, "ops.made", rows))


def _write_faults(state: State, table: str, rows: list[tuple]) -> None:
    if rows != state.faults[table]:
        state.lake.overwrite(table, rows_of(state.lake, table, rows))


def commit(state: State, started_at: datetime.datetime, result: dict) -> None:
    """The commit point: behind it the run is done, whatever happens to this process. @raises NotSettled"""
    state.lake.publish(lambda: note_run(state.lake, started_at, result), state.parallel)


def note_run(lake, started_at: datetime.datetime, result: dict) -> None:
    """Adds a run to the ledger; one that failed published nothing."""
    as_of = datetime.date.fromisoformat(result["as_of"])
    row = (result["run_id"], started_at, result["seconds"], result["status"], as_of, result.get("error"), json.dumps(result))
    rows_of(lake, "ops.run", [row]).writeTo(lake.name("ops.run")).append()


def _forget(state: State, table: dict) -> None:
    """Clears what the ledger says of the files of a table that is made anew."""
    for ledger in ("ops.file", "ops.quarantine", "ops.refused_field", "ops.discard"):
        state.lake.delete(ledger, f"t.dataset = {literal(table['making']['source'])}")
    state.lake.delete("ops.contested", f"t.table_name = {literal(table['name'])}")


def _append_rows(state: State, table: str, rows: list[tuple]) -> None:
    if rows:
        state.lake.append(table, rows_of(state.lake, table, rows))


def _files(state: State) -> list[tuple]:
    rows = []
    for table in state.loaded():
        if table["name"] in state.held:
            continue
        loading = state.loadings[table["name"]]
        rows += [_raw_file(state, new.found, new.sha256, "loaded", new.bytes, records) for new, records in loading.taken]
        for found, sha256, size, status in loading.delivery.remembered:
            if status == "known":
                rows.append(_restamped(state, found, sha256, size))
            else:
                rows.append(_raw_file(state, found, sha256, "duplicate", size, 0))
    return rows


def _raw_file(state: State, found, sha256: str, status: str, size: int, records: int) -> tuple:
    day = datetime.date.fromisoformat(found.arrived_on)
    return (found.file.dataset, found.file.path, sha256, found.entry.stamp, status, size, records, day, state.run_id)


def _restamped(state: State, found, sha256: str, size: int) -> tuple:
    """A known file that was touched: its row gets the new stamp, so that it need not be opened again."""
    file = found.file
    same = f"t.dataset = {literal(file.dataset)} and t.path = {literal(file.path)} and t.sha256 = {literal(sha256)}"
    was = state.lake.spark.sql(f"select * from {state.lake.name('ops.file')} as t where {same}").first()
    state.lake.delete("ops.file", same)
    return (*was[:3], found.entry.stamp, *was[4:])


def _step(state: State, table: dict) -> tuple:
    result = state.result_of(table)
    fates = ("read", "accepted", "duplicate", "superseded", "quarantined", "rows")
    return (state.run_id, table["name"], table["level"], result["seconds"], *(result[name] for name in fates))


def _check(run: str, outcome: dict) -> tuple:
    names = ("table", "check", "says", "severity", "verdict", "failed", "total")
    return (run, *(outcome[name] for name in names), json.dumps(outcome))


def faults_after(state: State) -> dict[str, list[tuple]]:
    """What waits after the run: its own faults for what it looked at, the standing ones elsewhere."""
    looked = {table["name"] for table in state.tables}
    read = {table["making"]["source"] for table in state.loaded()}
    held = [row for row in state.faults["ops.held"] if row[0] not in looked]
    refused = [row for row in state.faults["ops.refused"] if row[0] not in read]
    mine = [(file["dataset"], file["path"], file.get("reason", "")) for file in state.files if file["status"] == "refused"]
    return {"ops.held": sorted(held + list(state.held.items())), "ops.refused": sorted(refused + mine)}
