"""Base tables are guarded, then what depends on them is built level by level."""

import itertools
import time

from .building import UnanswerableError, build
from .checks import measure
from .evolution import prepare_table
from .side_by_side import side_by_side
from .state import State, since
from .verdicts import is_broken


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
    blocking = [check for check in table["checks"] if check["severity"] == "blocking"]
    measure(state, table, blocking)
    # By key: tables that are measured side by side add outcomes of theirs meanwhile.
    if any(is_broken(state.outcomes[table["name"], check["name"]]) for check in blocking):
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
    prepare_table(state.lake, table, state.is_fresh(name))
    try:
        build(state.lake, table, as_ofs_of(state, table)[0], state.is_fresh(name))
    except UnanswerableError as error:
        state.hold(table, str(error))
        return
    if guard(state, table):
        state.results[name] = {**state.result_of(table), "seconds": since(started)}
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
