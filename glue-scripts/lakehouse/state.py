"""One run: what it found, and what it has come to so far."""

import dataclasses
import time
from collections.abc import Callable

from .change import compare, definition_of, refuse_loss
from .discovery import Storage
from .fates import NO_FATES
from .lake import Lake
from .ledger import contested_tables, made_tables, standing_checks, standing_faults
from .loading import Loading
from .plan import is_loaded, named_tables, with_upstream


@dataclasses.dataclass
class State:
    lake: Lake
    plan: dict
    storage: Storage
    run_id: str
    as_of: str
    parallel: int
    #: From how many bytes on a plain CSV file is read in parts.
    parts_from: int
    #: Where refused records are copied to, for people who may not read the lake.
    quarantine: str | None
    say: Callable[[str], None]
    #: The run's tables, in the order of the plan.
    tables: list[dict]
    #: Tables to make anew: asked for, or because their definition changed.
    rebuild: set[str]
    #: Tables as they stand; while the run publishes, as they are by then.
    made: dict[str, dict]
    #: Each check's latest outcome before this run, by table and check.
    standing: dict[tuple[str, str], dict]
    #: What the last run left held and refused.
    faults: dict[str, list[tuple]]
    #: Tables with keys that came with several contents in earlier runs.
    contested: set[str]
    notes: list[str]
    loadings: dict[str, Loading] = dataclasses.field(default_factory=dict)
    #: Tables whose rows change in this run.
    changed: set[str] = dataclasses.field(default_factory=set)
    #: Tables that keep their last good version, and why.
    held: dict[str, str] = dataclasses.field(default_factory=dict)
    results: dict[str, dict] = dataclasses.field(default_factory=dict)
    outcomes: dict[tuple[str, str], dict] = dataclasses.field(default_factory=dict)
    files: list[dict] = dataclasses.field(default_factory=list)

    def loaded(self) -> list[dict]:
        return [table for table in self.tables if is_loaded(table)]

    def built(self) -> list[dict]:
        return [table for table in self.tables if not is_loaded(table)]

    def is_fresh(self, name: str) -> bool:
        """Whether a table is made whole, not added to."""
        return name in self.rebuild or name not in self.made

    def version_of(self, name: str) -> str:
        """The run that last changed a table's rows, before this one."""
        return self.made[name]["changed_in"] if name in self.made else ""

    def result_of(self, table: dict) -> dict:
        """What the run says of a table so far."""
        rows = self.made[table["name"]]["rows"] if table["name"] in self.made else 0
        nothing = {"name": table["name"], "layer": table["layer"], **NO_FATES, "rows": rows, "seconds": 0.0}
        return self.results.get(table["name"], nothing)

    def hold(self, table: dict, why: str) -> None:
        """Keeps a table's last good version."""
        self.held[table["name"]] = why
        self.changed.discard(table["name"])
        self.results.pop(table["name"], None)
        self.lake.abandon(table["name"])
        self.say(f"{table['name']} is held: {why}")


def begin_state(lake: Lake, plan: dict, storage: Storage, arguments, run_id: str, say: Callable[[str], None]) -> State:
    """Looks at plan and lake and decides the work. @raises UnknownName, ChangeRefused"""
    made = made_tables(lake)
    asked = named_tables(plan, arguments.rebuild)
    only = named_tables(plan, arguments.only)
    tables = with_upstream(plan, only + asked) if only else plan["tables"]
    changes = {
        table["name"]: compare(made[table["name"]]["definition"], definition_of(table))
        for table in tables
        if table["name"] in made
    }
    changes = {name: found for name, found in changes.items() if found}
    refuse_loss(changes, asked)
    notes = [f"{name} is made anew: {', '.join(says for says, _ in found)}" for name, found in changes.items()]
    return State(
        lake=lake,
        plan=plan,
        storage=storage,
        run_id=run_id,
        as_of=arguments.as_of,
        parallel=arguments.parallel,
        parts_from=arguments.parts_from,
        quarantine=arguments.quarantine,
        say=say,
        tables=tables,
        rebuild=set(asked) | set(changes),
        made=made,
        standing=standing_checks(lake),
        faults=standing_faults(lake),
        contested=contested_tables(lake),
        notes=notes,
    )


def since(started: float) -> float:
    """Seconds with milliseconds, from a start taken with `time.monotonic()`."""
    return round(time.monotonic() - started, 3)
