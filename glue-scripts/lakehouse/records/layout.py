"""What the record layer needs to know of a table: its columns, where their values stand, and where its records are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .refused_file import RefusedFile


@dataclass(frozen=True)
class Column:
    """A column of the contract, and where its value stands in a raw record: a header name or a dotted path."""

    name: str
    path: str
    kind: str
    nullable: bool = True
    lenient: bool = False


@dataclass(frozen=True)
class RecordsIn:
    """Where the records stand in a file whose format does not say it: `xml`, `textract` or `rekognition`."""

    kind: str
    record: str = ""
    namespace: str | None = None
    at: str | None = None


@dataclass(frozen=True)
class Layout:
    """The columns of a table, in contract order, and where its records are."""

    columns: tuple[Column, ...]
    records: RecordsIn | None = None

    @staticmethod
    def of(table: Mapping[str, Any]) -> "Layout":
        """The layout of one table of the plan's JSON."""
        return layout_of(table["columns"], table["making"]["records"])


def layout_of(columns: Sequence[Mapping[str, Any]], records: Mapping[str, Any] | None) -> Layout:
    """A layout from columns and records as a plan or the corpus spells them."""
    return Layout(
        tuple(
            Column(
                name=column["name"],
                path=column.get("path") or column["name"],
                kind=column["type"]["kind"],
                nullable=column.get("nullable", True),
                lenient=column.get("lenient", False),
            )
            for column in columns
        ),
        None if records is None else RecordsIn(**records),
    )


def _found_others(found: Sequence[str]) -> str:
    """What columns nobody knows may be, without repeating them."""
    only = found[0] if len(found) == 1 else ""
    separator = "semicolons" if ";" in only else "tabs" if "\t" in only else None
    if separator is None:
        return f"found {len(found)} others: is the header missing?"
    return f"found 1 other with {separator} in it: is the file separated by {separator}? Expected commas"


def refuse_missing(layout: Layout, path: str, found: Sequence[str]) -> None:
    """Refuses a file whose header lacks a required column."""
    missing = [column for column in layout.columns if column.path not in found]
    required = [column.path for column in missing if not column.nullable]
    if not required:
        return
    # Without one known name it is no header but the first record: what that says may be personal, so it is not repeated.
    known = len(missing) < len(layout.columns)
    instead = f"found: {', '.join(found)}" if known else _found_others(found)
    raise RefusedFile("missing_column", path, f"required columns are missing: {', '.join(required)}; {instead}")
