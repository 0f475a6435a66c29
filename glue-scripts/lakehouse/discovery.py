"""What stands in the raw zone: files are listed, and those that the ledger does not know are passed over once."""

import dataclasses

from pyspark import SparkContext

from .records import Layout, RawFile, RefusedFile, inspect, raw_file_at
from .storage import Bucket, Entry, Folder, LeftAlone

Storage = Folder | Bucket


@dataclasses.dataclass(frozen=True)
class Found:
    """A raw file as it was listed."""

    file: RawFile
    entry: Entry

    @property
    def arrived_on(self) -> str:
        return self.file.arrival_day or self.entry.changed_on


@dataclasses.dataclass(frozen=True)
class New:
    """A file whose content no run has read."""

    found: Found
    sha256: str
    bytes: int
    #: Names of the columns and number of records of a large plain CSV file, which is read in parts; None for any other.
    header: tuple[str, ...] | None = None
    lines: int = 0


def list_raw(storage: Storage, sources: set[str]) -> tuple[dict[str, list[Found]], list[str]]:
    """The files of each dataset, by path, and notes on what is left alone."""
    found: dict[str, list[Found]] = {source: [] for source in sources}
    notes, strangers = [], set()
    for entry in storage.entries():
        file = entry.reason if isinstance(entry, LeftAlone) else raw_file_at(entry.path)
        if isinstance(file, str):
            notes.append(f"{entry.path} is left alone: {file}")
        elif file.dataset not in sources:
            strangers.add(file.dataset)
        else:
            found[file.dataset].append(Found(file, entry))
    notes = [f"raw/{name} is ignored: no contract reads it" for name in sorted(strangers)] + sorted(notes)
    return {source: sorted(files, key=lambda each: each.file.path) for source, files in found.items()}, notes


def inspect_all(
    spark: SparkContext, storage: Storage, files: list[Found], layouts: dict[str, Layout], parts_from: int
) -> dict[str, tuple]:
    """
    One pass over the bytes of files that the ledger does not know, by path: ('read', and what `New` has of it),
    ('refused', reason) or ('growing', why). One Spark job for all datasets; small files share a task.
    """
    if not files:
        return {}
    tasks = packed(files)
    look = _inspector(storage, layouts, parts_from)
    results = spark.parallelize(tasks, len(tasks)).flatMap(lambda task: [(f.file.path, look(f)) for f in task]).collect()
    return dict(results)


def _inspector(storage: Storage, layouts: dict[str, Layout], parts_from: int):
    def look(found: Found) -> tuple:
        path = found.file.path
        try:
            with storage.open(path) as stream:
                seen = inspect(stream, found.file, layouts[found.file.dataset])
            in_parts = seen.plain and not found.file.gzip and seen.bytes >= parts_from
            outcome = ("read", seen.sha256, seen.bytes, seen.header if in_parts else None, seen.lines)
        except RefusedFile as error:
            outcome = ("refused", error.reason)
        except PermissionError as error:
            return ("refused", f"unreadable: {error}")
        except OSError as error:
            outcome = ("refused", f"unreadable: {error}")
        return outcome if is_unchanged(storage, found) else ("growing", changed_while_read(found))

    return look


def changed_while_read(found: Found) -> str:
    """What there is to note of a file that is not the one any more that was listed."""
    return f"{found.file.path} changed while it was read; it is left for the next run"


def is_unchanged(storage: Storage, found: Found) -> bool:
    """Whether the file is still the one that was listed, as far as one may see."""
    try:
        return storage.entry(found.file.path).stamp == found.entry.stamp
    except (FileNotFoundError, PermissionError):
        return False


def packed(files: list[Found], task_bytes: int = 64 * 1024 * 1024) -> list[list[Found]]:
    """Files in tasks: a large file alone, small ones together."""
    tasks, room = [], 0
    for found in sorted(files, key=lambda each: (-each.entry.size, each.file.path)):
        if room < found.entry.size or not tasks:
            tasks.append([])
            room = task_bytes
        tasks[-1].append(found)
        # A file costs its opening, however small it is.
        room -= found.entry.size + 1024 * 1024
    return tasks


def unknown(files: list[Found], known: list[dict]) -> list[Found]:
    """The files that must be opened: no delivery has their path and stamp."""
    stamps = {(row["path"], row["stamp"]) for row in known}
    return [found for found in files if (found.file.path, found.entry.stamp) not in stamps]
