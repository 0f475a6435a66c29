"""A `.json` file, one array of records or one record, to records and faults."""

import re
from collections.abc import Iterator

from .content import Content
from .json_records import JsonRecordReader
from .layout import Layout
from .limits import Limits
from .lines import too_long
from .record import Fault, Record, raw_text
from .refused_file import RefusedFile

_SPACE = re.compile(rb"[ \t\n\r]*+")
# A string, perhaps one that never ends, or what opens, closes or parts values.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[][{},]', re.DOTALL)
_MARK = "\ufeff".encode()


class JsonFile:
    """The records of a `.json` file, which is held in memory and judged whole before the first is given."""

    def __init__(self, content: Content, layout: Layout, limits: Limits) -> None:
        """Raises RefusedFile when the file is no JSON, neither array nor object, or too large."""
        self.records = 0
        self.blanks = 0
        self._path = content.path
        self._max = limits.max_record_bytes
        self._reader = JsonRecordReader(layout)
        self._data = self._read_all(content, limits)
        self._elements = self._split()
        for number, (start, stop) in enumerate(self._elements, 1):
            if stop - start <= self._max and not self._reader.is_json(self._data[start:stop].decode()):
                raise self._not_json(f"record {number} is not JSON (character {self._reader.place} of it)")

    def __iter__(self) -> Iterator[Record | Fault]:
        for start, stop in self._elements:
            self.records += 1
            if stop - start > self._max:
                raw = raw_text(self._data, start, stop)
                yield Fault(self.records, "record_too_long", too_long(self._max), raw)
            else:
                yield self._reader.read(self.records, self._data[start:stop].decode())

    @property
    def text(self) -> str:
        """The record that was given last, as it stands in the file."""
        return self._reader.text

    @property
    def extra(self) -> list[str]:
        """Dotted names of members that no column wants, 20 at most."""
        return self._reader.extra

    def _read_all(self, content: Content, limits: Limits) -> bytes:
        pieces = []
        while piece := content.read(limits.chunk_bytes):
            pieces.append(piece)
            if content.bytes > limits.max_file_bytes:
                content.drain()
                detail = f"{content.bytes} bytes, expected at most {limits.max_file_bytes}"
                remedy = "a .json file is held in memory; write JSON lines instead"
                raise RefusedFile("too_large", self._path, f"{detail}: {remedy}")
        return b"".join(pieces)

    def _split(self) -> list[tuple[int, int]]:
        """Where the elements of the array, or the one object, begin and end; whether each is JSON is judged apart."""
        data = self._data
        try:
            data.decode()
        except UnicodeDecodeError as error:
            raise self._not_json("found bytes that are not UTF-8") from error
        start = _behind_space(data, len(_MARK) if data.startswith(_MARK) else 0)
        if data.startswith(b"{", start):
            return [(start, len(data))]
        if not data.startswith(b"[", start):
            raise self._not_json("found nothing" if start == len(data) else "found something else")
        return self._elements_from(_behind_space(data, start + 1))

    def _elements_from(self, begin: int) -> list[tuple[int, int]]:
        data = self._data
        elements: list[tuple[int, int]] = []
        start = begin
        depth = 0
        for token in _TOKEN.finditer(data, begin):
            sign = token[0][:1]
            if sign in b"{[":
                depth += 1
            elif depth > 0:
                depth -= sign in b"}]"
            elif sign in b",]":
                # `[]` has no element; `[1,]` has an empty second one, which is not JSON.
                if sign == b"," or token.start() > begin:
                    elements.append((start, token.start()))
                start = token.end()
                if sign == b",":
                    continue
                rest = _behind_space(data, start)
                if rest < len(data):
                    raise self._not_json(f"found more behind the array (byte {rest + 1})")
                return elements
        raise self._not_json("the array never closes")

    def _not_json(self, found: str) -> RefusedFile:
        remedy = "one object a line goes into a .jsonl file"
        detail = f"{found}; expected one JSON array of objects or one object; {remedy}"
        return RefusedFile("invalid_json", self._path, detail)


def _behind_space(data: bytes, start: int) -> int:
    return _SPACE.match(data, start).end()
