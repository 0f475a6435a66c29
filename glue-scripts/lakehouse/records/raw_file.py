"""Which files of the raw zone are read, judged by their paths alone."""

import datetime
import re
from dataclasses import dataclass

# Ending, format, gzip. `json` is one array of objects or one object; `log` is a web server's.
_ENDINGS = (
    (".csv", "csv", False),
    (".csv.gz", "csv", True),
    (".jsonl", "jsonl", False),
    (".jsonl.gz", "jsonl", True),
    (".json", "json", False),
    (".json.gz", "json", True),
    (".xml", "xml", False),
    (".xml.gz", "xml", True),
    (".log", "log", False),
    (".log.gz", "log", True),
    (".parquet", "parquet", False),
)

_ARRIVAL = re.compile("dt=([0-9]{4}-[0-9]{2}-[0-9]{2})")


TEMPORARY = "temporary"


@dataclass(frozen=True)
class RawFile:
    """One raw file, by its path relative to the raw zone."""

    dataset: str
    path: str
    format: str
    gzip: bool
    arrival_day: str | None


def set_aside(name: str) -> str | None:
    """Why a file or a folder of this name is left alone, with all that is in it; None where the name is no reason."""
    if name.startswith("."):
        return "hidden"
    if name.startswith("_"):
        return "begins with '_': somebody's work in progress or marker"
    return TEMPORARY if name.endswith(".tmp") else None


def raw_file_at(path: str) -> RawFile | str:
    """The raw file of a path relative to the raw zone (with `/`), or the reason why it is left alone."""
    segments = path.split("/")
    aside = next(filter(None, map(set_aside, segments)), None)
    if aside is not None:
        return aside
    name = segments[-1]
    found = next((one for one in _ENDINGS if name.endswith(one[0]) and len(name) > len(one[0])), None)
    if found is None:
        return f"unknown ending; known: {' '.join(ending for ending, _, _ in _ENDINGS)}"
    if len(segments) < 2:
        return "in no dataset: files stand in <raw>/<dataset>/"
    _, file_format, is_gzip = found
    arrival_day = next((day for day in map(_day_of, segments[1:-1]) if day is not None), None)
    return RawFile(segments[0], path, file_format, is_gzip, arrival_day)


def _day_of(folder: str) -> str | None:
    """The day that a folder names; None unless it is a real one."""
    named = _ARRIVAL.fullmatch(folder)
    try:
        return datetime.date.fromisoformat(named[1]).isoformat() if named else None
    except ValueError:
        return None
