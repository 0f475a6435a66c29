"""From the columns of a header to those of a contract."""

from collections.abc import Callable, Sequence
from operator import itemgetter

from .layout import Layout

Values = list[str | None]


def unknown_names(layout: Layout, header: Sequence[str]) -> list[str]:
    """The names in a header that no column wants."""
    wanted = {column.path for column in layout.columns}
    return [name for name in header if name not in wanted]


def arrangement(layout: Layout, header: Sequence[str]) -> Callable[[Values], Values] | None:
    """Puts fields into the order of the contract's columns, None where the header lacks one; None where nothing is to do."""
    order = [header.index(column.path) if column.path in header else -1 for column in layout.columns]
    if order == list(range(len(header))):
        return None
    if -1 in order or len(order) < 2:
        return lambda fields: [None if at < 0 else fields[at] for at in order]
    pick = itemgetter(*order)
    return lambda fields: list(pick(fields))
