"""What a file is made of: records that can be read, and records that cannot."""

from typing import NamedTuple

from .layout import Layout

# How much of a broken record is kept as text.
RAW_TEXT_BYTES = 64 * 1024

# Characters of a broken record that the ledger keeps; the file has the rest.
_KEPT = 2000


class ColumnFault(NamedTuple):
    """Why one value of a record cannot be taken, although the record can be read."""

    column: str
    code: str
    detail: str
    # The value as it was written, cut to 200 characters.
    found: str


class Record(NamedTuple):
    """A record that can be read. Values stand in column order; empty text is None."""

    number: int
    values: list[str | None]
    faults: tuple[ColumnFault, ...] = ()


class Fault(NamedTuple):
    """A record that cannot be read; `raw` is what stands in the file, cut to 64 KiB, in printable form."""

    number: int
    code: str
    detail: str
    raw: str


def staged(record: Record, layout: Layout) -> tuple[str | None, list[str | None]]:
    """A record as `making.conform` reads it: its faults (`column:code,column:code` or None) and its raw values."""
    if not record.faults:
        return None, record.values
    values = list(record.values)
    names = [column.name for column in layout.columns]
    for fault in record.faults:
        index = names.index(fault.column)
        # What cannot be taken is kept all the same, for whoever mends the record.
        if values[index] is None:
            values[index] = fault.found or None
    return ",".join(f"{fault.column}:{fault.code}" for fault in record.faults), values


def kept(raw: str) -> str:
    """What the ledger keeps of a broken record."""
    return cut(printable(raw), _KEPT)


def raw_text(data: bytes, start: int, stop: int) -> str:
    """Bytes as text for people: cut, bad UTF-8 as U+FFFD, NUL as its picture (tables and terminals choke on it)."""
    return printable(data[start : min(stop, start + RAW_TEXT_BYTES)].decode("utf-8", "replace"))


def printable(text: str) -> str:
    """Text with NUL as its picture."""
    return text.replace("\0", "\u2400")


def units(text: str) -> int:
    """How many UTF-16 code units a text has: what the laptop counts and cuts by."""
    return len(text) + sum(character > "\uffff" for character in text) if not text.isascii() else len(text)


def cut(text: str, length: int) -> str:
    """The first UTF-16 code units of a text; half of a character at the cut becomes U+FFFD."""
    short = text[:length]
    if short.isascii() or units(short) <= length:
        return short
    return short.encode("utf-16-le", "surrogatepass")[: 2 * length].decode("utf-16-le", "replace")
