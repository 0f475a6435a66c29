"""Web logs in the combined log format to records and faults."""

import re

from .content import Content
from .layout import Layout
from .limits import Limits
from .lines import LineRecords
from .record import RAW_TEXT_BYTES, Fault, Record, cut, printable
from .refused_file import RefusedFile

# The values of a line, by the names that a contract gives to its columns.
_FIELDS = (
    "host",
    "identity",
    "remote_user",
    "requested_at",
    "method",
    "path",
    "protocol",
    "status",
    "bytes_sent",
    "referrer",
    "user_agent",
    "request_seconds",
)

_WORD = r"([^ ]++)"
_QUOTED = r'"([^"\\]*+(?:\\.[^"\\]*+)*+)"'
# `host identity user [time] "request" status bytes "referrer" "agent"`, and at most the seconds that it took.
_LINE = re.compile(
    rf"{_WORD} {_WORD} ([^[]*[^[ ]) \[([^\]]*)\] {_QUOTED} {_WORD} {_WORD} {_QUOTED} {_QUOTED}(?: {_WORD})?", re.DOTALL
)
_REQUEST = re.compile(r"([^ ]+) ([^ ]+) (HTTP/[0-9.]+)")
_TIME = re.compile(r"([0-9]{2})/([A-Z][a-z]{2})/([0-9]{4}):([0-9:]{8}) ([+-])([0-9]{2})([0-9]{2})")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_NOT_COMBINED = (
    "found a line that is not in the combined log format; expected host identity user [time] "
    '"request" status bytes "referrer" "agent" and at most the seconds'
)


class WebLog(LineRecords):
    """One line, one record. `-` and nothing are None; what the server escaped stays as it wrote it."""

    def __init__(self, content: Content, layout: Layout, limits: Limits) -> None:
        """Raises RefusedFile when no column is one of the format's."""
        wanted = [column.path for column in layout.columns]
        self._places = [_FIELDS.index(path) if path in _FIELDS else -1 for path in wanted]
        if all(place < 0 for place in self._places):
            detail = f"a web log has {', '.join(_FIELDS)}; the contract wants {', '.join(wanted)}"
            raise RefusedFile("missing_column", content.path, detail)
        super().__init__(content, self._read, limits)
        # What no column wants of the format's fields is not news.
        self.extra: list[str] = []

    def _read(self, number: int, line: str) -> Record | Fault:
        if "\0" in line:
            return Fault(number, "nul", "a line holds byte 0", printable(cut(line, RAW_TEXT_BYTES)))
        found = _LINE.fullmatch(line)
        if found is None:
            return Fault(number, "not_combined", _NOT_COMBINED, printable(cut(line, RAW_TEXT_BYTES)))
        values = _values(*found.groups())
        return Record(number, [None if place < 0 else values[place] for place in self._places])


def _values(host: str, identity: str, user: str, time: str, request: str, *rest: str | None) -> list[str | None]:
    """The values of a line in the order of the fields; a request that is no HTTP request (a port scan) is a path."""
    parts = _REQUEST.fullmatch(request)
    method, path, protocol = (None, request, None) if parts is None else parts.groups()
    found = (host, identity, user, _iso_time(time), method, path, protocol, *rest)
    return [None if value in ("", "-") else value for value in found]


def _iso_time(text: str) -> str:
    """`10/Oct/2000:13:55:36 -0700` as a time of the grammar; any other text as it is, for the grammar to judge."""
    parts = _TIME.fullmatch(text)
    if parts is None or parts[2] not in _MONTHS:
        return text
    day, month, year, clock, sign, hours, minutes = parts.groups()
    zone = "Z" if hours == minutes == "00" else f"{sign}{hours}:{minutes}"
    return f"{year}-{_MONTHS.index(month) + 1:02}-{day}T{clock}{zone}"
