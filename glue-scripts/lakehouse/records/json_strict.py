"""One JSON record, walked character by character (RFC 8259): slow, and exact in what is wrong where."""

import re

from .json_shape import Shape
from .json_values import ColumnValues
from .record import units

# Deepest nesting of objects and arrays that is read.
MAX_JSON_DEPTH = 100

_SPACE = re.compile(r"[ \t\n\r]*+")
_STRING = re.compile(r'"((?:[^"\\\x00-\x1f]++|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*+)"')
_NUMBER = re.compile(r"-?(?:0(?![0-9])|[1-9][0-9]*+)(?:\.[0-9]++|(?!\.))(?:[eE][+-]?[0-9]++|(?![eE]))")
_ESCAPE = re.compile(r"(?:\\u[0-9a-fA-F]{4})++|\\.")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class _Stopped(Exception):
    """Reading cannot go on."""


class StrictReader:
    """Reads one JSON record into the columns' values; members that no column wants are checked and skipped."""

    def __init__(self, columns: ColumnValues, shape: Shape) -> None:
        self.columns = columns
        self._at = 0
        self._shape = shape
        self._text = ""
        self._duplicate = self._nul = self._surrogate = False

    @property
    def place(self) -> int:
        """The character at which reading stopped, counted from 1."""
        return units(self._text[: self._at]) + 1

    def read(self, text: str) -> str:
        """Reads a text that should be one JSON object: `record` or, of several faults, the first of the list in the corpus."""
        self.columns.reset()
        self._at = 0
        self._text = text
        self._duplicate = self._nul = self._surrogate = False
        self._space()
        is_object = text.startswith("{", self._at)
        try:
            self._value(self._shape if is_object else None, 0)
        except _Stopped as stopped:
            return str(stopped)
        self._space()
        if self._at < len(text):
            return "invalid_json"
        if not is_object:
            return "not_an_object"
        if self._duplicate:
            return "duplicate_member"
        if self._nul:
            return "nul"
        return "lone_surrogate" if self._surrogate else "record"

    def _value(self, shape: Shape | None, depth: int) -> None:
        first = self._text[self._at : self._at + 1]
        if first == '"':
            text = self._string()
            if shape is not None:
                self.columns.give(shape, "a string", text)
        elif first in ("{", "["):
            self._nested(first, shape, depth)
        elif first in ("t", "f"):
            self._word("true" if first == "t" else "false", shape)
        elif first == "n":
            self._word("null", None)
        else:
            number = _NUMBER.match(self._text, self._at)
            if number is None:
                raise _Stopped("invalid_json")
            if shape is not None:
                self.columns.give(shape, "a number", number[0])
            self._at = number.end()

    def _nested(self, first: str, shape: Shape | None, depth: int) -> None:
        if depth == MAX_JSON_DEPTH:
            raise _Stopped("too_deep")
        start, before = self._at, len(self.columns.faults)
        if shape is not None and (first == "[" or shape.columns):
            self.columns.give(shape, "an object" if first == "{" else "an array", "")
        after = len(self.columns.faults)
        self._at += 1
        if first == "[":
            self._array(depth + 1)
        else:
            self._object(shape if shape is not None and shape.members else None, depth + 1)
        # What was found is known only now that it is read.
        if after > before:
            self.columns.say_found(before, after, self._text[start : self._at])

    def _object(self, shape: Shape | None, depth: int) -> None:
        self._space()
        if self._skip("}"):
            return
        names: set[str] = set()
        while True:
            name = self._string()
            self._duplicate = self._duplicate or name in names
            names.add(name)
            self._space()
            self._expect(":")
            self._space()
            member = None
            if shape is not None:
                member = shape.members.get(name)
                if member is None:
                    self.columns.unknown(shape, name)
            self._value(member, depth)
            self._space()
            if self._skip("}"):
                return
            self._expect(",")
            self._space()

    def _array(self, depth: int) -> None:
        self._space()
        if self._skip("]"):
            return
        while True:
            self._space()
            self._value(None, depth)
            self._space()
            if self._skip("]"):
                return
            self._expect(",")

    def _word(self, word: str, shape: Shape | None) -> None:
        if not self._text.startswith(word, self._at):
            raise _Stopped("invalid_json")
        self._at += len(word)
        if shape is not None:
            self.columns.give(shape, "true or false", word)

    def _string(self) -> str:
        found = _STRING.match(self._text, self._at)
        if found is None:
            raise _Stopped("invalid_json")
        self._at = found.end()
        raw = found[1]
        if "\\" not in raw:
            return raw
        text = _ESCAPE.sub(_unescaped, raw)
        # The bytes were valid UTF-8 and held no control characters, so only an escape can bring either in.
        self._nul = self._nul or "\0" in text
        self._surrogate = self._surrogate or _SURROGATE.search(text) is not None
        return text

    def _skip(self, character: str) -> bool:
        if not self._text.startswith(character, self._at):
            return False
        self._at += 1
        return True

    def _expect(self, character: str) -> None:
        if not self._skip(character):
            raise _Stopped("invalid_json")

    def _space(self) -> None:
        self._at = _SPACE.match(self._text, self._at).end()


def _unescaped(escape: re.Match[str]) -> str:
    """One escaped character, or a row of escaped code units, in which halves of a pair find each other."""
    text = escape[0]
    if text[1] != "u":
        return _LETTERS.get(text[1], text[1])
    units = bytes.fromhex(text.replace("\\u", ""))
    return units.decode("utf-16-be", "surrogatepass")
