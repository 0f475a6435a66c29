"""Work that does not depend on one another is done at a time: small tables would leave a cluster idle."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from .state import State

Item = TypeVar("Item")


def side_by_side(state: State, items: Iterable[Item], work: Callable[[Item], None]) -> None:
    """Does the work for several items at a time. After the first failure none is begun any more; it is raised once those under way have ended."""
    failures: list[BaseException] = []

    def attempt(item: Item) -> None:
        if failures:
            return
        try:
            work(item)
        except BaseException as failure:
            failures.append(failure)

    with ThreadPoolExecutor(state.parallel) as pool:
        for item in items:
            pool.submit(attempt, item)
    if failures:
        raise failures[0]
