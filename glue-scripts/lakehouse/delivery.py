"""Which raw files are new: identity is content, so a renamed or recompressed file is a duplicate, not new data."""

import dataclasses

from .discovery import Found, New, Storage, changed_while_read, is_unchanged

OTHER_CONTENT = (
    "it was loaded before with other content, and rows without a key cannot be told from new ones: "
    "deliver a new file instead"
)


@dataclasses.dataclass
class Delivery:
    """What a dataset's files turned out to be. `files` is what the result lists; `remembered` goes to the ledger."""

    #: Whether rows have no key, so that a changed file cannot be told from new rows.
    keyless: bool
    new: list[New] = dataclasses.field(default_factory=list)
    #: Files with the content of a new one, which counts only once that one is loaded.
    twins: list[tuple[Found, New]] = dataclasses.field(default_factory=list)
    files: list[dict] = dataclasses.field(default_factory=list)
    remembered: list[tuple[Found, str, int, str]] = dataclasses.field(default_factory=list)
    notes: list[str] = dataclasses.field(default_factory=list)

    def add(self, found: Found, status: str, reason: str | None = None, rows: int = 0) -> None:
        """Tells the result of a file."""
        result = {"path": found.file.path, "dataset": found.file.dataset, "rows": rows, "status": status}
        self.files.append(result if reason is None else {**result, "reason": reason})

    def recognise(self, found: Found, sha256: str, size: int, status: str) -> None:
        """A file whose content is loaded: it is remembered, so that it need not be opened again."""
        self.add(found, status)
        self.remembered.append((found, sha256, size, status))
        if status == "duplicate" and self.keyless:
            self.notes.append(
                f"{found.file.path} has the very content of another file: rows without a key count once, "
                "deliver them in one file if they are new"
            )

    def refuse(self, storage: Storage, new: New, reason: str) -> None:
        """A file that turned out to be none while its records were read, unless that is because it changed."""
        if is_unchanged(storage, new.found):
            self.add(new.found, "refused", reason)
        else:
            self.leave(new)

    def leave(self, new: New) -> None:
        """A file that changed while its records were read."""
        note = changed_while_read(new.found)
        if note not in self.notes:
            self.notes.append(note)

    def without_changed(self, storage: Storage) -> bool:
        """Keeps those new files only that are still as they were listed and not refused. @returns whether any had changed."""
        refused = self.refused()
        rest = [new for new in self.new if new.found.file.path not in refused]
        self.new = [new for new in rest if is_unchanged(storage, new.found)]
        for new in rest:
            if new not in self.new:
                self.leave(new)
        return len(self.new) < len(rest)

    def refused(self) -> dict[str, str]:
        """Why files were refused, by path."""
        return {each["path"]: each["reason"] for each in self.files if each["status"] == "refused"}

    def settle_twins(self, taken: list[New]) -> None:
        """Judges the files with the content of a new one, now that it is known what became of that one."""
        loaded = {new.sha256 for new in taken}
        refused = self.refused()
        for found, first in self.twins:
            path = first.found.file.path
            if first.sha256 in loaded:
                self.recognise(found, first.sha256, first.bytes, "duplicate")
            elif path in refused:
                self.add(found, "refused", refused[path])
            else:
                self.notes.append(f"{found.file.path} is left for the next run: {path}, which had the same content, changed while it was read")


def judge(files: list[Found], known: list[dict], seen: dict[str, tuple], keyless: bool) -> Delivery:
    """Judges a dataset's files by their content, in the order of their paths."""
    by_stamp = {(row["path"], row["stamp"]): row["status"] for row in known}
    loaded = [row for row in known if row["status"] == "loaded"]
    path_of = {row["sha256"]: row["path"] for row in loaded}
    loaded_paths = {row["path"] for row in loaded}
    first: dict[str, New] = {}
    delivery = Delivery(keyless)
    for found in files:
        path = found.file.path
        status = by_stamp.get((path, found.entry.stamp))
        if status is not None:
            delivery.add(found, "duplicate" if status == "duplicate" else "known")
            continue
        kind, *facts = seen[path]
        if kind == "growing":
            delivery.notes.append(facts[0])
        elif kind == "refused":
            delivery.add(found, "refused", facts[0])
        elif facts[0] in path_of:
            delivery.recognise(found, facts[0], facts[1], "known" if path_of[facts[0]] == path else "duplicate")
        elif facts[0] in first:
            delivery.twins.append((found, first[facts[0]]))
        elif keyless and path in loaded_paths:
            delivery.add(found, "refused", OTHER_CONTENT)
        else:
            first[facts[0]] = New(found, *facts)
            delivery.new.append(first[facts[0]])
    return delivery
