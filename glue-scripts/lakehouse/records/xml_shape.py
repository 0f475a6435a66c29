"""Where the columns of a contract stand in an XML file."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from .layout import Column


@dataclass
class Opened:
    """How many records there were when an element on the way to the records opened."""

    records: int = 0


@dataclass
class XmlNode:
    """An element that is looked at. `ancestor`: the record stands below it; `head`: outside of records; `inside`: in a record."""

    # As messages name it: from the root with `/`, inside a record relative to it.
    path: str
    part: Literal["ancestor", "record", "head", "inside"]
    # Of an ancestor: its own. Of a head: that of its ancestor.
    opened: Opened = field(default_factory=Opened)
    elements: dict[str, "XmlNode"] = field(default_factory=dict)
    # Columns that take its text.
    text: list[int] = field(default_factory=list)
    # Columns that take an attribute, by its name.
    attributes: dict[str, list[int]] = field(default_factory=dict)
    # Of an ancestor: the head columns that begin anew with it.
    scope: list[int] = field(default_factory=list)


def xml_shape(record: str, columns: Sequence[Column]) -> XmlNode:
    """The elements that a table's columns want, as a tree whose only element is the root of the document."""
    document = XmlNode("", "ancestor")
    root = document
    names = record.split(".")
    for depth, name in enumerate(names, 1):
        is_record = depth == len(names)
        path = "" if is_record else f"/{'.'.join(names[:depth])}"
        root.elements[name] = root = XmlNode(path, "record" if is_record else "ancestor")
    for index, column in enumerate(columns):
        _place(document if column.path.startswith("/") else root, column.path.removeprefix("/").split("."), index)
    return document


def _place(start: XmlNode, names: Sequence[str], index: int) -> None:
    at = start
    for name in names:
        if at.part == "ancestor":
            at.scope.append(index)
        if name.startswith("@"):
            at.attributes.setdefault(name[1:], []).append(index)
            return
        if name not in at.elements:
            in_record = at.part in ("record", "inside")
            at.elements[name] = XmlNode(path_of(at, name), "inside" if in_record else "head", at.opened)
        at = at.elements[name]
    at.text.append(index)


def path_of(parent: XmlNode, name: str) -> str:
    """How messages name an element, an attribute (`@name`) or a stranger below `parent`."""
    if parent.path:
        return f"{parent.path}.{name}"
    return f"/{name}" if parent.part == "ancestor" else name
