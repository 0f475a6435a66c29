"""Files in which every line that is not blank is a record."""

from collections.abc import Callable, Iterator

from .byte_window import ByteWindow
from .content import Content
from .limits import Limits
from .record import RAW_TEXT_BYTES, Fault, Record, raw_text

# Beside the line feed; a line of these alone is blank.
_SPACES = " \t\r"


class LineRecords:
    """Lines end with LF or CRLF; a byte order mark at the begin is skipped. What is short enough and UTF-8 is `take`'s."""

    def __init__(self, content: Content, take: Callable[[int, str], Record | Fault], limits: Limits) -> None:
        # All so far, broken ones included; and blank lines so far.
        self.records = 0
        self.blanks = 0
        self._take = take
        self._max = limits.max_record_bytes
        self._window = ByteWindow(content, limits.chunk_bytes)
        self._window.skip_mark()

    def __iter__(self) -> Iterator[Record | Fault]:
        window = self._window
        while True:
            region = len(window.data) if window.done else window.data.rfind(b"\n") + 1
            if window.start < region:
                block = window.data[window.start : region]
                window.start = region
                yield from self._lines(block)
            if window.done:
                return
            if window.pending > max(self._max + 1, RAW_TEXT_BYTES):
                yield from self._too_long_for_the_window()
            window.more()

    def _lines(self, block: bytes) -> Iterator[Record | Fault]:
        block = block.removesuffix(b"\n")
        text = None if len(block) > self._max else _decoded(block)
        if text is None:
            for each in block.split(b"\n"):
                yield from self._doubtful(each.removesuffix(b"\r"))
            return
        for line in text.split("\n"):
            if line.strip(_SPACES):
                self.records += 1
                yield self._take(self.records, line.removesuffix("\r"))
            else:
                self.blanks += 1

    def _doubtful(self, line: bytes) -> Iterator[Record | Fault]:
        """A line that may be too long, or not UTF-8."""
        if not line.strip(_SPACES.encode()):
            self.blanks += 1
            return
        self.records += 1
        text = _decoded(line)
        if len(line) > self._max:
            yield self._too_long(line)
        elif text is None:
            detail = "found bytes that are not UTF-8"
            yield Fault(self.records, "invalid_utf8", detail, raw_text(line, 0, len(line)))
        else:
            yield self._take(self.records, text)

    def _too_long_for_the_window(self) -> Iterator[Fault]:
        """A line that is longer than the window may become is judged by its begin; its rest is passed over."""
        window = self._window
        if not window.data[window.start :].strip(_SPACES.encode()):
            return
        self.records += 1
        yield self._too_long(window.data[window.start :])
        while True:
            window.start = len(window.data)
            window.more()
            found = window.data.find(b"\n")
            if found >= 0 or window.done:
                window.start = len(window.data) if found < 0 else found + 1
                return

    def _too_long(self, line: bytes) -> Fault:
        return Fault(self.records, "record_too_long", too_long(self._max), raw_text(line, 0, len(line)))


def too_long(max_bytes: int) -> str:
    """The message of a record that is longer than it may be."""
    return f"found more than {max_bytes} bytes in one record"


def _decoded(line: bytes) -> str | None:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return None
