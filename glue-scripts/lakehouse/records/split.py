"""A raw file to its records and faults, whatever its format."""

from collections.abc import Iterator
from typing import Protocol

from .content import Content, Readable
from .csv_records import CsvRecords
from .extraction import Extraction
from .json_file import JsonFile
from .json_lines import JsonLines
from .layout import Layout
from .limits import Limits
from .raw_file import RawFile
from .record import Fault, Record
from .refused_file import RefusedFile
from .web_log import WebLog
from .xml_records import XmlRecords


class Reader(Protocol):
    """The records of one format, while they are asked for; the figures are those so far."""

    # All records, broken ones included.
    records: int
    # Blank lines.
    blanks: int
    # Names that no column wants.
    extra: list[str]

    def __iter__(self) -> Iterator[Record | Fault]: ...


class Splitting:
    """The records and faults of one file, in ascending number, while they are asked for; the figures are those so far."""

    def __init__(self, content: Content, reader: Reader) -> None:
        self._content = content
        self._reader = reader

    def __iter__(self) -> Iterator[Record | Fault]:
        with self._content.judged():
            yield from self._reader

    @property
    def records(self) -> int:
        """All records, broken ones included."""
        return self._reader.records

    @property
    def blanks(self) -> int:
        """Blank lines."""
        return self._reader.blanks

    @property
    def extra(self) -> list[str]:
        """Names that no column wants."""
        return self._reader.extra

    @property
    def sha256(self) -> str:
        """Of all decompressed bytes read so far."""
        return self._content.sha256


def split(stream: Readable, file: RawFile, layout: Layout, limits: Limits = Limits()) -> Splitting:
    """Begins to read a file. Raises RefusedFile: here, or (gzip that is cut, XML that breaks) while the records are asked for, which are void then."""
    content = Content(stream, file)
    with content.judged():
        return Splitting(content, reader_of(content, file, layout, limits))


def reader_of(content: Content, file: RawFile, layout: Layout, limits: Limits) -> Reader:
    """The reader of a file's format."""
    records = layout.records
    match file.format:
        case "csv":
            return CsvRecords(content, layout, limits)
        case "log":
            return WebLog(content, layout, limits)
        case "xml":
            if records is None or records.kind != "xml":
                raise RefusedFile("no_record_element", file.path, _NO_ELEMENT)
            return XmlRecords(content, layout, records, limits)
        case "json" | "jsonl" if records is not None and records.kind != "xml":
            return Extraction(file.format, content, layout, records, limits)
        case "json":
            return JsonFile(content, layout, limits)
        case "jsonl":
            return JsonLines(content, layout, limits)
    raise ValueError(f"{file.path}: {file.format} is read by the engine, not here")


_NO_ELEMENT = (
    "the contract does not say which element is a record; give it records: xmlElements(path, namespace)"
)
