"""CSV (RFC 4180, UTF-8, with a header) to records and faults, in one pass and constant memory."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, count

from .byte_window import ByteWindow
from .content import Content
from .csv_columns import Values, arrangement, unknown_names
from .csv_fault import SPOILS_LINE, fault_detail
from .csv_header import read_header
from .csv_record import RecordSplitter
from .layout import Layout, refuse_missing
from .limits import Limits
from .plain_lines import PlainLines, marks_of
from .record import RAW_TEXT_BYTES, Fault, Record, raw_text

# Fields longer than this are split here: the csv module has a bound, and it is the process's.
_MAX_REGULAR_BYTES = 100_000


class CsvRecords:
    """The records of a CSV file: the header is read and judged at once, the records while they are asked for."""

    def __init__(self, content: Content, layout: Layout | None, limits: Limits) -> None:
        """Without a layout the values stand in the order of the header. Raises RefusedFile for a header that cannot be used."""
        self._window = ByteWindow(content, limits.chunk_bytes)
        self.header, self.blanks = read_header(self._window, content.path)
        self.records = 0
        self._found: list[Record | Fault] = []
        self.extra: list[str] = []
        self._arrange = None
        if layout is not None:
            refuse_missing(layout, content.path, self.header)
            self.extra = unknown_names(layout, self.header)
            self._arrange = arrangement(layout, self.header)
        self._max = limits.max_record_bytes
        commas = len(self.header) - 1
        self._kinds = (PlainLines(commas, b"\n"), PlainLines(commas, b"\r\n"))
        self._splitter = RecordSplitter(len(self.header), self._max)
        self._regular = _regular_records(commas)

    def __iter__(self) -> Iterator[Record | Fault]:
        window = self._window
        while True:
            region = window.data.rfind(b"\n") + 1
            if window.start < region:
                self._whole_lines(region)
            # What is left has no line feed: the last line, or one that is longer than any record.
            if window.start >= region and window.pending > (0 if window.done else self._max + 2):
                self._split()
            yield from self._found
            self._found.clear()
            if window.done and window.pending == 0:
                return
            if not window.done:
                window.more()

    def _whole_lines(self, region: int) -> None:
        """The lines in front of `region`: runs of plain ones, of regular ones, and the rest one by one."""
        window = self._window
        data, begin = window.data, window.start
        marks = marks_of(data[begin:region])
        ends: list[int] = []
        line = mark = 0
        while window.start < region:
            start = window.start
            lines, kind = self._plain_run(marks, mark, data, start)
            if lines * len(kind.line) == len(marks):
                window.start = region
                return self._plain(data[start:region], kind.end)
            # Where each line ends is needed only in a block that is not plain throughout.
            ends = ends or list(accumulate((len(one) + 1 for one in data[begin:region].split(b"\n")), initial=begin))
            if lines > 0:
                window.start = ends[line + lines]
                line += lines
                mark += lines * len(kind.line)
                self._plain(data[start : window.start], kind.end)
                continue
            self._odd(region)
            if window.data is not data or window.start == start:
                return None
            line += data.count(b"\n", start, window.start)
            mark += len(marks_of(data[start : window.start]))
        return None

    def _plain_run(self, marks: bytes, mark: int, data: bytes, start: int) -> tuple[int, PlainLines]:
        lf, crlf = self._kinds
        # Only in a block longer than a record may be can a line be too long.
        if len(data) - start > self._max:
            return 0, lf
        lines = lf.run(marks, mark, data, start)
        return (lines, lf) if lines > 0 else (crlf.run(marks, mark, data, start), crlf)

    def _plain(self, block: bytes, end: bytes) -> None:
        try:
            lines = block.decode().split(end.decode())[:-1]
        except UnicodeDecodeError:
            return self._partly_valid(block.split(end)[:-1])
        if len(self.header) == 1:
            blank = lines.count("")
            self.blanks += blank
            lines = [line for line in lines if line] if blank > 0 else lines
        return self._rows([line.split(",") for line in lines])

    def _partly_valid(self, lines: list[bytes]) -> None:
        """Plain lines, some of which are not UTF-8."""
        for line in lines:
            try:
                fields = line.decode().split(",")
            except UnicodeDecodeError:
                self._fault("invalid_utf8", line, 0, len(line))
            else:
                if line:
                    self._rows([fields])
                else:
                    self.blanks += 1

    def _rows(self, rows: Sequence[Values]) -> None:
        """Records whose fields are as many as they should be."""
        values = [[field or None for field in fields] if "" in fields else fields for fields in rows]
        if self._arrange is not None:
            values = [self._arrange(fields) for fields in values]
        self._found.extend(map(Record, count(self.records + 1), values))
        self.records += len(values)

    def _odd(self, region: int) -> None:
        """A blank line, regular records, or one that must be looked at byte by byte; nothing when it needs more bytes."""
        window = self._window
        data, start = window.data, window.start
        blank = 1 if data.startswith(b"\n", start) else 2 if data.startswith(b"\r\n", start) else 0
        if blank > 0:
            self.blanks += 1
            window.start += blank
            return
        regular = self._regular.match(data, start, min(region, start + _MAX_REGULAR_BYTES))
        if regular is None or regular.end() - start > self._max:
            return self._split()
        try:
            text = regular[0].decode()
        except UnicodeDecodeError:
            while window.start < regular.end():
                self._split()
            return
        window.start = regular.end()
        self._rows(list(csv.reader(io.StringIO(text, newline="\n"), strict=True)))

    def _split(self) -> None:
        """One record, byte by byte; nothing when it needs more bytes."""
        window, splitter = self._window, self._splitter
        data, start = window.data, window.start
        outcome = splitter.split(data, start, window.done)
        if outcome == "more":
            return
        if outcome in SPOILS_LINE:
            self._spoilt(outcome)
            return
        window.start = splitter.next
        if outcome == "record":
            self._rows([splitter.fields()])
        else:
            self._fault(outcome, data, start, splitter.stop)

    def _spoilt(self, code: str) -> None:
        """A fault that leaves open where the record ends: its physical line is the broken record."""
        window = self._window
        data, start = window.data, window.start
        found = data.find(b"\n", start)
        if found < 0 and not window.done and window.pending < RAW_TEXT_BYTES:
            return
        stop = len(data) if found < 0 else found - 1 if data.endswith(b"\r", start, found) else found
        self._fault(code, data, start, stop)
        while found < 0 and not window.done:
            window.start = len(window.data)
            window.more()
            found = window.data.find(b"\n")
        window.start = len(window.data) if found < 0 else found + 1

    def _fault(self, code: str, data: bytes, start: int, stop: int) -> None:
        self.records += 1
        at, count_found = self._splitter.stop - start + 1, self._splitter.count
        detail = fault_detail(code, at, count_found, self.header, self._max)
        self._found.append(Fault(self.records, code, detail, raw_text(data, start, stop)))


def _regular_records(commas: int) -> re.Pattern[bytes]:
    """Records that follow RFC 4180 to the letter and have all fields: the csv module reads them alike."""
    field = rb'(?:"(?:[^"\0]++|"")*+"|[^",\r\n\0]*+)'
    # One empty field is a blank line.
    first = field if commas > 0 else rb"(?!\r?\n)" + field
    return re.compile(rb"(?:%b(?:,%b){%d}\r?\n){1,256}+" % (first, field, commas))
