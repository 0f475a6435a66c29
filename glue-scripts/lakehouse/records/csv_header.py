"""The header of a CSV file."""

from .byte_window import ByteWindow
from .csv_record import RecordSplitter
from .refused_file import RefusedFile

# Longest header that is read: 1 MiB.
_MAX_HEADER_BYTES = 1024 * 1024


def read_header(window: ByteWindow, path: str) -> tuple[list[str], int]:
    """The column names, and how many blank lines stand before them; leaves the window behind the header."""
    window.skip_mark()
    blanks = _skip_blank_lines(window)
    if window.done and window.pending == 0:
        raise RefusedFile("empty_file", path, "found no header, expected a line with the column names")
    splitter = RecordSplitter(None, _MAX_HEADER_BYTES)
    while (outcome := splitter.split(window.data, window.start, window.done)) == "more":
        window.more()
    if outcome != "record":
        detail = f"the header cannot be read ({outcome}); expected RFC 4180 in UTF-8"
        raise RefusedFile("broken_header", path, detail)
    names = [name or "" for name in splitter.fields()]
    twice = next((name for n, name in enumerate(names) if name in names[:n]), None)
    if twice is not None:
        raise RefusedFile("duplicate_header", path, f"column '{twice}' stands more than once in the header")
    window.start = splitter.next
    return names, blanks


def _skip_blank_lines(window: ByteWindow) -> int:
    blanks = 0
    while True:
        while not window.done and window.pending < 2:
            window.more()
        if window.data.startswith(b"\n", window.start):
            window.start += 1
        elif window.data.startswith(b"\r\n", window.start):
            window.start += 2
        else:
            return blanks
        blanks += 1
