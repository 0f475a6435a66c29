"""New raw files: read, their records' fates settled, rows on the run's branches of the base tables."""

import time

from .delivery import judge
from .discovery import inspect_all, list_raw, unknown
from .evolution import prepare_table
from .fates import NO_FATES
from .ledger import known_files
from .loading import Loading, read_records, write_rows
from .records import Layout
from .side_by_side import side_by_side
from .state import State, since


def read_raw(state: State) -> None:
    """Reads every new file of the raw zone, settles the fates of its records, puts rows on the run's branches."""
    tables = state.loaded()
    found, notes = list_raw(state.storage, {table["making"]["source"] for table in tables} | set(_sources(state)))
    state.notes.extend(notes)
    known = known_files(state.lake)
    mine = {table["name"]: [row for row in known if row["dataset"] == table["making"]["source"]] for table in tables}
    counted = {name: [] if name in state.rebuild else rows for name, rows in mine.items()}
    opened = [each for t in tables for each in unknown(found[t["making"]["source"]], counted[t["name"]])]
    layouts = {table["making"]["source"]: Layout.of(table) for table in tables}
    seen = inspect_all(state.lake.spark.sparkContext, state.storage, opened, layouts, state.parts_from)

    def read(table: dict) -> None:
        started = time.monotonic()
        name, files = table["name"], found[table["making"]["source"]]
        delivery = judge(files, counted[name], seen, keyless=not table["grain"])
        stored = None if state.is_fresh(name) else state.lake.name(name)
        loading = read_records(state.lake, state.storage, table, delivery, stored)
        state.loadings[name] = loading
        if not files and not mine[name] and table["making"]["madeBy"]:
            state.notes.append(f"raw/{table['making']['source']} has no files: deliver some, or make them with: {table['making']['madeBy']}")
        missing = _missing(loading, mine[name]) if name in state.rebuild else []
        if missing:
            return _hold_unread(state, table, loading, mine[name], missing)
        if loading.settled or state.is_fresh(name):
            _put(state, table, loading)
            fates = loading.settled.fates if loading.settled else NO_FATES
            state.results[name] = {**state.result_of(table), **fates, "seconds": since(started)}
            state.changed.add(name)
            state.say(f"{name}: {', '.join(f'{count} {fate}' for fate, count in fates.items())}")
        state.files.extend(delivery.files)
        state.notes.extend(delivery.notes)

    side_by_side(state, tables, read)


def _sources(state: State) -> list[str]:
    """Every raw dataset that some contract reads, also one that this run leaves alone."""
    return [source["name"] for source in state.plan["sources"]]


def _put(state: State, table: dict, loading: Loading) -> None:
    name = table["name"]
    prepare_table(state.lake, table, state.is_fresh(name))
    if loading.settled:
        write_rows(state.lake, table, loading.settled, fresh=name in state.rebuild)
    elif name in state.rebuild:
        state.lake.delete(name, "true")
    else:
        state.lake.begin(name)


def _missing(loading: Loading, known: list[dict]) -> list[str]:
    """Files whose rows stand but that a load from raw did not meet: gone, overwritten, or refused by now."""
    present = {new.sha256 for new, _ in loading.taken}
    refused = {each["path"]: each.get("reason") for each in loading.delivery.files if each["status"] == "refused"}
    return [
        f"{row['path']} ({refused[row['path']]})" if row["path"] in refused else row["path"]
        for row in known
        if row["status"] == "loaded" and row["sha256"] not in present
    ]


def _hold_unread(state: State, table: dict, loading: Loading, known: list[dict], missing: list[str]) -> None:
    standing = {row["sha256"] for row in known}
    stands = {new.found.file.path for new, _ in loading.taken if new.sha256 in standing}
    for each in loading.delivery.files:
        if each["status"] == "loaded" and each["path"] in stands:
            each.update(rows=0, status="known")
        elif each["status"] == "loaded":
            each.update(rows=0, status="refused", reason=f"it waits: {table['name']} is held")
    state.files.extend(loading.delivery.files)
    listed = ", ".join(missing[:5]) + (f" and {len(missing) - 5} more" if len(missing) > 5 else "")
    state.hold(
        table,
        "it cannot be made anew, its last good version stands: its rows come from files that cannot be read again: "
        f"{listed}; bring them back (by any name) or put the contract back, and run again",
    )
