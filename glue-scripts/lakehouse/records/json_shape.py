"""Where the columns of a contract stand in a JSON record."""

from collections.abc import Sequence

from .layout import Column
from .record import ColumnFault

# The JSON kind that a column's value must have.
_WANTED = {"integer": "a number", "decimal": "a number", "boolean": "true or false"}


class Shape:
    """What a place in a JSON record is for: columns that want its value, and members that lead to more columns."""

    def __init__(self, path: str) -> None:
        self.path = path
        # Indexes of the columns that stand right here, and of those that stand somewhere below.
        self.columns: list[int] = []
        self.below: list[int] = []
        self.members: dict[str, Shape] = {}

    def member_path(self, name: str) -> str:
        """The dotted name of a member."""
        return name if self.path == "" else f"{self.path}.{name}"


def shape_of(columns: Sequence[Column]) -> Shape:
    """The columns as a tree of members."""
    root = Shape("")
    for index, column in enumerate(columns):
        node = root
        for member in column.path.split("."):
            node.below.append(index)
            node = node.members.setdefault(member, Shape(node.member_path(member)))
        node.columns.append(index)
    return root


def wanted_kind(column: Column) -> str:
    """The JSON kind that a column's value must have, as messages name it."""
    return _WANTED.get(column.kind, "a string")


def type_faults(columns: Sequence[Column], at: Shape, found: str, text: str) -> list[ColumnFault]:
    """The faults of the columns at and below a place whose value has the wrong kind."""
    wrong = [(index, wanted) for index in at.columns if (wanted := wanted_kind(columns[index])) != found]
    if found != "an object":
        wrong += [(index, "an object") for index in at.below]
    detail = f"found {found} at {at.path}, expected "
    return [ColumnFault(columns[index].name, "json_type", detail + wanted, text) for index, wanted in wrong]
