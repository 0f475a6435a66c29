"""Reads cases from standard input, one JSON object a line, and answers each with what the splitter makes of it."""

import base64
import gzip
import io
import json
import sys
from dataclasses import asdict
from typing import Any

from lakehouse.records import (
    Column,
    Fault,
    Inspection,
    Layout,
    Limits,
    RawFile,
    Record,
    RefusedFile,
    inspect,
    layout_of,
    raw_file_at,
)
from lakehouse.records.content import Content
from lakehouse.records.csv_records import CsvRecords
from lakehouse.records.split import Reader, reader_of
from lakehouse.storage import Folder, LeftAlone


def answer(case: dict[str, Any]) -> dict[str, Any]:
    """What `split` says of a case. `inspect` must say the same of the file as a whole."""
    file = raw_file_at(f"corpus/{case['name']}")
    assert isinstance(file, RawFile), file
    data = base64.b64decode(case["bytes"])
    limits = Limits(**case["limits"])
    # Without columns: all columns of a CSV file's header.
    layout = None if case["columns"] is None else layout_of(case["columns"], case["recordsIn"])
    content = Content(io.BytesIO(data), file)
    try:
        with content.judged():
            reader = CsvRecords(content, None, limits) if layout is None else reader_of(content, file, layout, limits)
            found = list(reader)
            content.drain()
    except RefusedFile as refusal:
        expect_refused(refusal, data, file, layout or Layout(()), limits)
        return {"refused": refusal.code, "detail": refusal.detail}
    seen = inspect(io.BytesIO(data), file, layout or Layout(tuple(map(as_column, reader.header))), limits)
    assert (seen.sha256, seen.bytes) == (content.sha256, content.bytes), seen
    if seen.plain:
        expect_plain(seen, gzip.decompress(data) if file.gzip else data, found, reader)
    return {
        "header": reader.header if isinstance(reader, CsvRecords) else None,
        "records": [
            {"number": one.number, "fields": one.values, "faults": [fault._asdict() for fault in one.faults]}
            for one in found
            if isinstance(one, Record)
        ],
        "faults": [one._asdict() for one in found if isinstance(one, Fault)],
        "read": reader.records,
        "blanks": reader.blanks,
        "extra": reader.extra,
        "sha256": content.sha256,
        "bytes": content.bytes,
    }


def raw_files(paths: list[str]) -> list[dict[str, Any] | str]:
    """What `raw_file_at` makes of each path."""
    return [found if isinstance(found, str) else asdict(found) for found in map(raw_file_at, paths)]


def listed(folder: str) -> dict[str, str | None]:
    """What is found below a folder: why it is left alone, None for files to read."""
    found = [(each.path, each.reason if isinstance(each, LeftAlone) else raw_file_at(each.path)) for each in Folder(folder).entries()]
    return {path: None if isinstance(file, RawFile) else file for path, file in found}


def as_column(name: str) -> Column:
    """A column that takes what stands under a name."""
    return Column(name, name, "text")


def expect_refused(refusal: RefusedFile, data: bytes, file: RawFile, layout: Layout, limits: Limits) -> None:
    """`inspect` refuses what `split` refuses, for the same reason."""
    try:
        seen = inspect(io.BytesIO(data), file, layout, limits)
    except RefusedFile as again:
        assert (again.code, again.detail) == (refusal.code, refusal.detail), (again, refusal)
    else:
        raise AssertionError(f"{seen} where split says {refusal}")


def expect_plain(seen: Inspection, data: bytes, found: list[Record | Fault], reader: Reader) -> None:
    """A file that is said to be plain can be read as naively as can be."""
    lines = data.decode().removesuffix("\n").split("\n")[1:]
    naive = [Record(n, [field or None for field in line.split(",")]) for n, line in enumerate(lines, 1)]
    assert found == naive and seen.lines == len(naive) == reader.records, (seen, found)


for line in sys.stdin:
    asked = json.loads(line)
    told = raw_files(asked["paths"]) if "paths" in asked else listed(asked["folder"]) if "folder" in asked else answer(asked)
    print(json.dumps(told), flush=True)
