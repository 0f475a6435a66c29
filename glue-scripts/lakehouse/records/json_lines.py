"""JSON lines to records and faults."""

from .content import Content
from .json_records import JsonRecordReader
from .layout import Layout
from .limits import Limits
from .lines import LineRecords


class JsonLines(LineRecords):
    """The records of a file of JSON lines: every line that is not blank is one. An empty file has none."""

    def __init__(self, content: Content, layout: Layout, limits: Limits) -> None:
        self._reader = JsonRecordReader(layout)
        super().__init__(content, self._reader.read, limits)

    @property
    def text(self) -> str:
        """The record that was given last, as it stands in the file."""
        return self._reader.text

    @property
    def extra(self) -> list[str]:
        """Dotted names of members that no column wants, 20 at most."""
        return self._reader.extra
