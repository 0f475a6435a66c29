"""The records of an XML document, from the events of its parser."""

from collections.abc import Iterable, Sequence

from .layout import Layout, RecordsIn
from .record import ColumnFault, Record, cut
from .refused_file import RefusedFile
from .xml_names import Attribute
from .xml_shape import XmlNode, path_of, xml_shape

# Deepest nesting of elements that is read.
_MAX_DEPTH = 100

# How many names of unknown elements and attributes are kept.
_MAX_EXTRA = 20

# Characters kept of a value that cannot be taken.
_MAX_FOUND = 200


class XmlCollector:
    """
    Values of the head are kept and given to every record below; elements that no column wants are passed over. All faults
    here are faults of a value; what makes the document as a whole doubtful refuses it.
    """

    def __init__(self, path: str, layout: Layout, where: RecordsIn) -> None:
        self.records = 0
        # Since they were last taken away.
        self.delivered: list[Record] = []
        # A record is open.
        self.in_record = False
        # Told by the reader before it hands over bytes: how many came before them. And where a tag, and a record, was last met.
        self.position = self.heard = self.record_from = 0
        # Names of elements and attributes that no column wants, in the order in which they were met.
        self.extra: dict[str, None] = {}
        self._path = path
        self._where = where
        self._names = [column.name for column in layout.columns]
        self._open: list[XmlNode] = [xml_shape(where.record, layout.columns)]
        # Elements open below one that no column wants.
        self._skipped = 0
        # Text so far of the innermost element, where a column wants it.
        self._text: list[str] = []
        # By column, once something stood there.
        self._values: dict[int, str | None] = {}
        self._faults: dict[int, ColumnFault] = {}
        self._in_record = [n for n, column in enumerate(layout.columns) if not column.path.startswith("/")]
        # How deep the way to the records was seen, and the deepest element on it with a stranger in it.
        self._reached = 0
        self._strange = 0

    def begin(self, uri: str, local: str, attributes: Sequence[Attribute]) -> None:
        """An element opens."""
        self.heard = self.position
        if not self.in_record:
            self.record_from = self.position
        if len(self._open) + self._skipped > _MAX_DEPTH:
            raise self._refused("too_deep", f"elements are nested more than {_MAX_DEPTH} deep")
        if self._skipped > 0:
            self._skipped += 1
            return
        parent = self._open[-1]
        ours = self._where.namespace is None or uri == self._where.namespace
        known = parent.elements.get(local) if ours else None
        for column in parent.text:
            self._fault(column, "element_content", parent.path, "elements", "text alone")
        if known is None:
            self._stranger(parent, local, uri, ours)
            return
        self._open.append(known)
        self._text.clear()
        if known.part == "record":
            self.in_record = True
            self._forget(self._in_record)
        elif known.part == "ancestor":
            self._reached = max(self._reached, len(self._open))
            self._forget(known.scope)
            known.opened.records = self.records
        for attribute in attributes:
            # Attributes of a namespace (xmlns, xsi:schemaLocation, xml:lang) speak of the document, not of the data.
            if attribute.uri:
                continue
            wanted = known.attributes.get(attribute.local)
            if wanted is None:
                self._unknown(path_of(known, f"@{attribute.local}"))
            else:
                self._give(known, wanted, path_of(known, f"@{attribute.local}"), attribute.value)

    def text(self, piece: str) -> None:
        """Text inside the innermost element; it may come in pieces."""
        if self._skipped == 0 and self._open[-1].text:
            self._text.append(piece)

    def end(self) -> None:
        """The innermost element closes."""
        self.heard = self.position
        if self._skipped > 0:
            self._skipped -= 1
            return
        closed = self._open.pop()
        if closed.text:
            self._give(closed, closed.text, closed.path, "".join(self._text))
        self._text.clear()
        if closed.part == "record":
            self._deliver()

    def finish(self) -> None:
        """The document is over."""
        if self.records > 0 or self._strange < self._reached:
            return
        found = ", ".join(self.extra)
        detail = f"found no element {self._where.record}, but others on the way to it: {found}"
        raise self._refused("no_records", detail)

    def _stranger(self, parent: XmlNode, local: str, uri: str, ours: bool) -> None:
        if len(self._open) == 1:
            raise self._wrong_root(local, uri)
        if not parent.text:
            self._unknown(path_of(parent, local if ours else f"{{{uri}}}{local}"))
        if parent.part == "ancestor":
            self._strange = max(self._strange, len(self._open))
        self._skipped = 1

    def _give(self, node: XmlNode, columns: Iterable[int], path: str, value: str) -> None:
        if node.part in ("ancestor", "head") and self.records > node.opened.records:
            detail = f"{path} stands behind records that should carry it; expected it before them"
            raise self._refused("late_head", detail)
        for column in columns:
            if column in self._values:
                self._fault(column, "repeated_element", path, "it twice", "it once")
            else:
                self._values[column] = value or None

    def _fault(self, column: int, code: str, path: str, found: str, expected: str) -> None:
        if column not in self._faults:
            detail = f"found {found} at {path}, expected {expected}"
            value = cut(self._values.get(column) or "", _MAX_FOUND)
            self._faults[column] = ColumnFault(self._names[column], code, detail, value)

    def _deliver(self) -> None:
        self.records += 1
        self.in_record = False
        columns = range(len(self._names))
        values = [None if column in self._faults else self._values.get(column) for column in columns]
        faults = tuple(self._faults[column] for column in columns if column in self._faults)
        self.delivered.append(Record(self.records, values, faults))

    def _forget(self, columns: Iterable[int]) -> None:
        for column in columns:
            self._values.pop(column, None)
            self._faults.pop(column, None)

    def _unknown(self, path: str) -> None:
        if len(self.extra) < _MAX_EXTRA:
            self.extra[path] = None

    def _wrong_root(self, local: str, uri: str) -> RefusedFile:
        namespace = self._where.namespace
        expected = self._where.record.split(".")[0] + ("" if namespace is None else f" of {namespace}")
        found = local + (f" of {uri}" if uri else "")
        return self._refused("wrong_root", f"the root element is {found}, expected {expected}")

    def _refused(self, code: str, detail: str) -> RefusedFile:
        return RefusedFile(code, self._path, detail)
