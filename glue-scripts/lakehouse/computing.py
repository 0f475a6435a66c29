"""Base tables are read and guarded, then what depends on them is built level by level, tables of a level side by side."""

import itertools
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from .building import build
from .checks import measure
from .discovery import inspect_all, judge, list_raw, unknown
from .evolution import evolve
from .fates import NO_FATES
from .ledger import known_files
from .loading import Loading, read_records, write_rows
from .plan import bind
from .records import Layout
from .state import State
from .verdicts import is_broken


def side_by_side(state: State, tables: list[dict], work: Callable[[dict], None]) -> None:
    """Does the work for several tables at a time; the first failure ends the run."""
    with ThreadPoolExecutor(state.parallel) as pool:
        for done in [pool.submit(work, table) for table in tables]:
            done.result()


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
            state.results[name] = {**state.result_of(table), **fates, "seconds": _since(started)}
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
    _prepare_table(state, table)
    if loading.settled:
        write_rows(state.lake, table, loading.settled, fresh=name in state.rebuild)
    elif name in state.rebuild:
        state.lake.delete(name, "true")
    else:
        state.lake.begin(name)


def _prepare_table(state: State, table: dict) -> None:
    state.lake.create(table["name"], bind(table["ddl"]["spark"], state.lake.name, None))
    if state.is_fresh(table["name"]):
        evolve(state.lake, table)


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


def guard_loads(state: State) -> None:
    """Guards every base table. One that is held shows its last good version to the others, so they are judged again."""
    while True:
        before = len(state.held)
        for table in state.loaded():
            if table["name"] in state.changed and not guard(state, table):
                reason = f"a blocking check of {table['name']} failed: its last good version stands"
                for file in state.files:
                    if file["dataset"] == table["making"]["source"] and file["status"] == "loaded":
                        file.update(rows=0, status="refused", reason=reason)
        if len(state.held) == before:
            return


def guard(state: State, table: dict) -> bool:
    """Measures a table's blocking checks on what the run would publish; a broken one keeps the last good version."""
    measure(state, table, [check for check in table["checks"] if check["severity"] == "blocking"])
    mine = [outcome for (name, _), outcome in state.outcomes.items() if name == table["name"]]
    if any(outcome["severity"] == "blocking" and is_broken(outcome) for outcome in mine):
        state.hold(table, "a blocking check failed: its last good version stands")
    return table["name"] not in state.held


def mark_stale(state: State) -> None:
    """Marks the models whose answer is not the one that stands. What reads a table that is held is held with it."""
    for table in state.built():
        if _held_with_inputs(state, table):
            continue
        stands = state.made.get(table["name"])
        moved = any(
            read in state.changed or stands is None or stands["made_from"].get(read) != state.version_of(read)
            for read in table["reads"]
        )
        other_date = table["making"]["takesAsOf"] and (stands is None or stands["as_ofs"][-1:] != [state.as_of])
        if state.is_fresh(table["name"]) or moved or other_date:
            state.changed.add(table["name"])


def _held_with_inputs(state: State, table: dict) -> bool:
    unsafe = [read for read in table["reads"] if read in state.held]
    if unsafe:
        state.hold(table, f"it is skipped: it reads {', '.join(unsafe)}")
    return bool(unsafe)


def build_models(state: State) -> None:
    """Builds the stale models and guards each."""
    for _, level in itertools.groupby(state.built(), key=lambda table: table["level"]):
        side_by_side(state, list(level), lambda table: _build(state, table))


def _build(state: State, table: dict) -> None:
    name = table["name"]
    if _held_with_inputs(state, table) or name not in state.changed:
        return
    started = time.monotonic()
    _prepare_table(state, table)
    build(state.lake, table, as_ofs_of(state, table)[0], state.is_fresh(name))
    if guard(state, table):
        state.results[name] = {**state.result_of(table), "seconds": _since(started)}
        state.say(f"{name} is built")


def as_ofs_of(state: State, table: dict) -> tuple[list[str], list[str]]:
    """The as-of dates to answer for, and those that the table then holds: all that were ever answered where it is made anew."""
    if not table["making"]["takesAsOf"]:
        return [state.as_of], []
    if table["write"]["kind"] != "merge":
        return [state.as_of], [state.as_of]
    stands = state.made.get(table["name"])
    earlier = [date for date in (stands["as_ofs"] if stands else []) if date != state.as_of]
    again = earlier if table["name"] in state.rebuild else []
    return [*again, state.as_of], [*earlier, state.as_of]


def _since(started: float) -> float:
    return round(time.monotonic() - started, 3)
