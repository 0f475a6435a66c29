"""Reads cases from standard input, one JSON object a line, and answers each with what the splitter makes of it."""

import base64
import io
import json
import sys
from typing import Any

from lakehouse.records import Limits, RawFile, Record, RefusedFile, layout_of, raw_file_at
from lakehouse.records.content import Content
from lakehouse.records.csv_records import CsvRecords
from lakehouse.records.split import reader_of


def answer(case: dict[str, Any]) -> dict[str, Any]:
    file = raw_file_at(f"corpus/{case['name']}")
    assert isinstance(file, RawFile), file
    limits = Limits(**case["limits"])
    content = Content(io.BytesIO(base64.b64decode(case["bytes"])), file)
    try:
        if case["columns"] is None:
            reader = CsvRecords(content, None, limits)
        else:
            reader = reader_of(content, file, layout_of(case["columns"], case["recordsIn"]), limits)
        found = list(reader)
        content.drain()
    except RefusedFile as refusal:
        return {"refused": refusal.code, "detail": refusal.detail}
    return {
        "header": reader.header if isinstance(reader, CsvRecords) else None,
        "records": [
            {"number": one.number, "fields": one.values, "faults": [fault._asdict() for fault in one.faults]}
            for one in found
            if isinstance(one, Record)
        ],
        "faults": [one._asdict() for one in found if not isinstance(one, Record)],
        "read": reader.records,
        "blanks": reader.blanks,
        "extra": reader.extra,
        "sha256": content.sha256,
        "bytes": content.bytes,
    }


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
