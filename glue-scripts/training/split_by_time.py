"""Splits a training set by time: the newest points judge, the older ones teach.

Beside the judges stands a gap: a point whose label was not yet known when they begin taught nobody then, and teaches nobody here.
The same rows give the same files, in whatever order they came.
"""

import argparse
import csv
import json
import sys
from datetime import datetime, timedelta
from pathlib import Path

TEST_SHARE = 0.2
VALIDATION_SHARE = 0.2


def split_by_time(rows, label_after_days):
    """Rows of (time, values) as three lists, by time: train, validation, test."""
    rows = sorted(rows)
    test_from = boundary([time for time, _ in rows], TEST_SHARE, "test")
    known_before = test_from - timedelta(days=label_after_days)
    teaching = [row for row in rows if row[0] <= known_before and row[0] < test_from]
    validation_from = boundary([time for time, _ in teaching], VALIDATION_SHARE, "validation")
    return {
        "train": [row for row in teaching if row[0] < validation_from],
        "validation": [row for row in teaching if row[0] >= validation_from],
        "test": [row for row in rows if row[0] >= test_from],
    }


def boundary(times, share, part):
    """The moment from which a part takes rows: about the newest share of them, and never a part of a moment."""
    if not times or times[0] == times[-1]:
        raise SystemExit(f"cannot split by time: no {part} part, since {len(times)} points of known label have one moment or none")
    moment = times[-max(1, round(len(times) * share))]
    return moment if moment > times[0] else next(time for time in times if time > times[0])


def read(path, time, label, inputs):
    """The rows of a CSV file: the moment, then label and inputs as they stand."""
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield datetime.fromisoformat(row[time].replace("Z", "")), [row[name] for name in [label, *inputs]]


def write(folder, parts, inputs):
    """A file per part, as XGBoost's container reads it: the label first, no header, what is missing left empty; and what is in them."""
    for part, rows in parts.items():
        (folder / part).mkdir(parents=True, exist_ok=True)
        with open(folder / part / f"{part}.csv", "w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows(values for _, values in rows)
    facts = {part: {"rows": len(rows), "from": str(rows[0][0]), "to": str(rows[-1][0])} for part, rows in parts.items()}
    (folder / "test" / "split.json").write_text(json.dumps({"inputs": inputs, **facts}, indent=2), encoding="utf-8")
    return facts


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--training-set", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--time", required=True)
    parser.add_argument("--label", required=True)
    parser.add_argument("--label-after-days", type=int, required=True)
    given = parser.parse_args(arguments)
    with open(given.training_set, newline="", encoding="utf-8") as file:
        header = next(csv.reader(file))
    inputs = [name for name in header if name not in (given.time, given.label)]
    rows = read(given.training_set, given.time, given.label, inputs)
    print(json.dumps(write(given.out, split_by_time(rows, given.label_after_days), inputs)))


if __name__ == "__main__":
    main(sys.argv[1:])
