"""Results of document analysis to records: one for every pair or line that was found in a document."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from .content import Content
from .found_text import FoundText, Malformed
from .json_file import JsonFile
from .json_lines import JsonLines
from .layout import Layout, RecordsIn
from .limits import Limits
from .record import RAW_TEXT_BYTES, Fault, Record, cut
from .rekognition import rekognition_lines
from .textract import textract_pairs

# Where the result stands in an object that is one.
_RESULT = {"textract": "Blocks", "rekognition": "TextDetections"}

# All numbers are doubles, as the analyses' own are.
_DECODER = json.JSONDecoder(parse_int=float)


class Extraction:
    """
    JSON objects, each with one result. A result that cannot be read, or in which nothing was found, is one broken record:
    somebody has to look at the document.
    """

    def __init__(self, file_format: str, content: Content, layout: Layout, analysis: RecordsIn, limits: Limits) -> None:
        self.records = 0
        self._paths = [column.path for column in layout.columns]
        self._analysis = analysis
        members = Layout(tuple(column for column in layout.columns if not column.path.startswith("$")))
        self._objects = (JsonFile if file_format == "json" else JsonLines)(content, members, limits)

    def __iter__(self) -> Iterator[Record | Fault]:
        for one in self._objects:
            text = self._objects.text
            if isinstance(one, Fault):
                yield one._replace(number=self._next())
                continue
            found = self._found_in(text)
            if isinstance(found, Malformed):
                yield self._broken("not_an_analysis", found.found, text)
            elif not found:
                yield self._broken("nothing_found", "found nothing in the document", text)
            else:
                for part in found:
                    if isinstance(part, Malformed):
                        yield self._broken("broken_pair", part.found, text)
                    else:
                        yield Record(self._next(), self._row(part, one.values), one.faults)

    @property
    def blanks(self) -> int:
        """Blank lines so far."""
        return self._objects.blanks

    @property
    def extra(self) -> list[str]:
        """Dotted names of members that no column wants; the result itself is not among them."""
        result = (self._analysis.at or _RESULT[self._analysis.kind]).split(".")[0]
        return [name for name in self._objects.extra if name != result]

    def _next(self) -> int:
        self.records += 1
        return self.records

    def _broken(self, code: str, detail: str, text: str) -> Fault:
        return Fault(self._next(), code, detail, cut(text, RAW_TEXT_BYTES))

    def _found_in(self, text: str) -> Sequence[FoundText | Malformed] | Malformed:
        """The object was read strictly before, so nothing in it is ambiguous."""
        result: Any = _DECODER.decode(text)
        for name in self._analysis.at.split(".") if self._analysis.at else ():
            result = result.get(name) if isinstance(result, dict) else None
        if not isinstance(result, dict):
            return Malformed(f"found no object at {self._analysis.at}")
        return textract_pairs(result) if self._analysis.kind == "textract" else rekognition_lines(result)

    def _row(self, found: FoundText, values: Sequence[str | None]) -> list[str | None]:
        others = iter(values)
        parts = {f"${name}": value or None for name, value in found._asdict().items()}
        return [parts.get(path) if path.startswith("$") else next(others) for path in self._paths]
