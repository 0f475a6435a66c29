"""Tables that do not depend on one another are worked on at a time: small ones would leave a cluster idle."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from .state import State


def side_by_side(state: State, tables: list[dict], work: Callable[[dict], None]) -> None:
    """Does the work for several tables at a time; the first failure ends the run."""
    with ThreadPoolExecutor(state.parallel) as pool:
        for done in [pool.submit(work, table) for table in tables]:
            done.result()
