"""The values that one JSON record gives to the columns."""

from collections.abc import Sequence

from .json_number import canonical_number
from .json_shape import Shape, type_faults, wanted_kind
from .layout import Column
from .record import ColumnFault, cut

# Characters kept of a value that cannot be taken.
_MAX_FOUND = 200

# How many names of unknown members are kept.
_MAX_EXTRA = 20


class ColumnValues:
    """What one JSON record gives to the columns, and the faults of what it cannot."""

    def __init__(self, columns: Sequence[Column]) -> None:
        # In column order; None where missing, null, empty or faulty. Fresh for every record.
        self.values: list[str | None] = []
        self.faults: list[ColumnFault] = []
        # Dotted names of members that no column wants, over all records, in the order in which they were met.
        self.extra: dict[str, None] = {}
        self._columns = columns
        self._wanted = [wanted_kind(column) for column in columns]

    def reset(self) -> None:
        """For the next record."""
        self.values = [None] * len(self._columns)
        self.faults = []

    def give(self, shape: Shape, kind: str, text: str) -> None:
        """Hands a value to the columns that want it, or a fault to those that want something else."""
        wrong_kind = len(shape.below) > 0
        for index in shape.columns:
            if self._wanted[index] != kind:
                wrong_kind = True
                continue
            value = canonical_number(text) if kind == "a number" else text
            if value is None:
                detail = f"found {text[:40]} at {shape.path}, expected a number that can be written out"
                self._fault(index, "number_range", detail, cut(text, _MAX_FOUND))
            elif value != "":
                self.values[index] = value
            elif self._columns[index].lenient:
                self._fault(index, "empty", f"found empty text at {shape.path}, expected some or no member", "")
        if wrong_kind:
            self.faults += type_faults(self._columns, shape, kind, cut(text, _MAX_FOUND))

    def say_found(self, start: int, stop: int, text: str) -> None:
        """Notes what some faults found: an object or an array, once it is read."""
        found = cut(text, _MAX_FOUND)
        self.faults[start:stop] = [fault._replace(found=found) for fault in self.faults[start:stop]]

    def unknown(self, shape: Shape, name: str) -> None:
        """Remembers the name of a member that no column wants."""
        if len(self.extra) < _MAX_EXTRA:
            self.extra[shape.member_path(name)] = None

    def _fault(self, index: int, code: str, detail: str, found: str) -> None:
        self.faults.append(ColumnFault(self._columns[index].name, code, detail, found))
