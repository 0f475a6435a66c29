"""
Reads files with the splitter of the Glue job, in one thread. Argument: a JSON file of cases, each `{label, files, columns,
recordsIn, only}`; `only` is `records` or `inspect`, the pass before them. Prints what each took, as JSON.
"""

import io
import json
import sys
import time
from pathlib import Path

from lakehouse.records import inspect, layout_of, raw_file_at, split


def taken(case: dict) -> dict:
    layout = layout_of(case["columns"], case["recordsIn"])
    files = [(raw_file_at("/".join(Path(path).parts[-3:])), Path(path).read_bytes()) for path in case["files"]]
    started, records = time.process_time(), 0
    for file, data in files:
        if case["only"] == "inspect":
            records += inspect(io.BytesIO(data), file, layout).lines
        else:
            found = split(io.BytesIO(data), file, layout)
            for _ in found:
                pass
            records += found.records
    return {"label": case["label"], "seconds": time.process_time() - started, "bytes": sum(len(data) for _, data in files), "records": records}


print(json.dumps([taken(case) for case in json.loads(Path(sys.argv[1]).read_text())]))
