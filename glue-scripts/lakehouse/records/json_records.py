"""JSON records: the standard library reads what is regular, the strict reader whatever else."""

import json
import re
from typing import Any

from .json_shape import Shape, shape_of
from .json_strict import MAX_JSON_DEPTH, StrictReader
from .json_values import ColumnValues
from .layout import Layout
from .record import RAW_TEXT_BYTES, Fault, Record, cut

# Escapes that may spell U+0000 or half of a surrogate pair.
_DOUBTFUL_ESCAPE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")

_DETAILS = {
    "too_deep": "nested too deep (character {at})",
    "not_an_object": "found JSON that is no object, expected {{...}}",
    "duplicate_member": "a member name stands more than once in one object",
    "nul": "a string holds U+0000",
    "lone_surrogate": "a string holds half of a surrogate pair",
    "invalid_json": "not JSON (character {at})",
}


class _Number(str):
    """A number as it is written."""


class _Irregular(Exception):
    """Something that the strict reader must look at."""


class JsonRecordReader:
    """Reads the text of one record after the other."""

    def __init__(self, layout: Layout) -> None:
        # Of the record that was read last.
        self.text = ""
        self._columns = ColumnValues(layout.columns)
        self._shape = shape_of(layout.columns)
        self._strict = StrictReader(self._columns, self._shape)
        self._decoder = json.JSONDecoder(
            object_pairs_hook=_members, parse_int=_Number, parse_float=_Number, parse_constant=_irregular
        )

    @property
    def extra(self) -> list[str]:
        """Dotted names of members that no column wants, 20 at most."""
        return list(self._columns.extra)

    def is_json(self, text: str) -> bool:
        """Whether the text is JSON, as deep as it is read."""
        return self._regular(text) or self._strict.read(text) != "invalid_json"

    @property
    def place(self) -> int:
        """The character of a text that is not JSON at which reading stopped, counted from 1."""
        return self._strict.place

    def read(self, number: int, text: str) -> Record | Fault:
        """Reads one record's text."""
        self.text = text
        if self._regular(text):
            return Record(number, self._columns.values)
        code = self._strict.read(text)
        if code == "record":
            return Record(number, self._columns.values, tuple(self._columns.faults))
        return Fault(number, code, _DETAILS[code].format(at=self.place), cut(text, RAW_TEXT_BYTES))

    def _regular(self, text: str) -> bool:
        """Takes the values of a record in which nothing is wrong; False: look again, strictly."""
        if text.count("{") + text.count("[") > MAX_JSON_DEPTH or _DOUBTFUL_ESCAPE.search(text) is not None:
            return False
        self._columns.reset()
        try:
            found = self._decoder.decode(text)
            if type(found) is not dict:
                return False
            self._take(self._shape, found)
        except (_Irregular, ValueError):
            return False
        return not self._columns.faults

    def _take(self, shape: Shape, members: dict[str, Any]) -> None:
        columns = self._columns
        for name, value in members.items():
            member = shape.members.get(name)
            if member is None:
                columns.unknown(shape, name)
                continue
            kind = type(value)
            if kind is str:
                columns.give(member, "a string", value)
            elif kind is _Number:
                columns.give(member, "a number", value)
            elif kind is bool:
                columns.give(member, "true or false", "true" if value else "false")
            elif kind is dict and not member.columns:
                self._take(member, value)
            elif value is not None:
                raise _Irregular


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise _Irregular
    return members


def _irregular(_constant: str) -> None:
    raise _Irregular
