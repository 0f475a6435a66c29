"""One RFC 4180 record, delimited and judged byte by byte."""

import re

_COMMA, _LF, _CR, _QUOTE = b",\n\r\""

# Two quotes stand for one; a run of quotes of odd length ends with the one that closes.
_QUOTED = re.compile(rb'"((?:[^"]++|"")*+)"')
_TEXT = re.compile(rb'[^",\n\r]*+')


class RecordSplitter:
    """Splits one record. The result stays in the attributes until the next call; nothing is decoded before it is asked for."""

    def __init__(self, fields: int | None, max_bytes: int) -> None:
        """`fields`: how many fields a record should have; None for a header, where any number will do."""
        # Where the record ends, line end not counted; after a fault that spoils its line: where reading stopped.
        self.stop = 0
        # Where the next record begins.
        self.next = 0
        # How many fields were found.
        self.count = 0
        self._wanted = fields
        self._max_bytes = max_bytes
        self._fields: list[tuple[bytes, bool]] = []

    def split(self, data: bytes, start: int, last: bool) -> str:
        """Looks at `data[start:]`; `last`: the file ends there. Gives `record`, `more` (bytes are needed) or a fault."""
        found = self._delimit(data, start, last)
        if found == "more":
            return found
        if self.stop - start > self._max_bytes:
            return "record_too_long"
        return self._judge(data[start : self.stop], found) if found in ("record", "lone_cr") else found

    def fields(self) -> list[str | None]:
        """The fields of the record that was split last, as text; an empty field is None."""
        return [
            (field.replace(b'""', b'"') if quoted else field).decode() if field else None
            for field, quoted in self._fields
        ]

    def _delimit(self, data: bytes, start: int, last: bool) -> str:
        # One record and its line end: what lies beyond cannot change the verdict.
        view = min(len(data), start + self._max_bytes + 2)
        whole = last and view == len(data)
        self.count = 0
        self._fields.clear()
        lone_cr = False
        at = start
        while True:
            if at < view and data[at] == _QUOTE:
                closed = _QUOTED.match(data, at, view)
                # A run of quotes that touches the end of the view may go on behind it.
                if closed is None or (closed.end() == view and not whole):
                    return self._short(start, view, whole, "unclosed_quote")
                self._put(closed[1], True)
                at = closed.end()
            else:
                begin = at
                while True:
                    at = _TEXT.match(data, at, view).end()
                    byte = data[at] if at < view else None
                    if byte == _QUOTE:
                        self.stop = at
                        return "quote_in_text"
                    if byte != _CR or (data[at + 1] == _LF if at + 1 < view else not whole):
                        break
                    lone_cr = True
                    at += 1
                self._put(data[begin:at], False)
            if at < view and data[at] == _COMMA:
                at += 1
                continue
            self.stop = at
            if at == view:
                if not whole:
                    return self._short(start, view, whole, "unclosed_quote")
                self.next = view
            elif data[at] == _LF:
                self.next = at + 1
            elif data[at] == _CR and at + 1 < view and data[at + 1] == _LF:
                self.next = at + 2
            elif data[at] == _CR and at + 1 == view and not whole:
                return self._short(start, view, whole, "text_after_quote")
            else:
                return "text_after_quote"
            return "lone_cr" if lone_cr else "record"

    def _short(self, start: int, view: int, whole: bool, at_end: str) -> str:
        """The bytes in view ran out: at the end of the file `at_end` is the fault, before it the record may be too long."""
        self.stop = view
        if whole:
            return at_end
        return "record_too_long" if view == start + self._max_bytes + 2 else "more"

    def _put(self, field: bytes, quoted: bool) -> None:
        self.count += 1
        if self._wanted is None or self.count <= self._wanted:
            self._fields.append((field, quoted))

    def _judge(self, record: bytes, found: str) -> str:
        if 0 in record:
            return "nul"
        try:
            record.decode()
        except UnicodeDecodeError:
            return "invalid_utf8"
        if found == "lone_cr" or self._wanted is None or self.count == self._wanted:
            return found
        return "too_few_fields" if self.count < self._wanted else "too_many_fields"
