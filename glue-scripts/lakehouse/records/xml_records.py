"""XML to records, strictly and as a stream: memory holds one record at a time."""

import codecs
from collections.abc import Iterator

from .content import Content
from .layout import Layout, RecordsIn
from .limits import Limits
from .record import Record
from .refused_file import RefusedFile
from .xml_broken import DocumentType, XmlBroken
from .xml_collector import XmlCollector
from .xml_parser import XmlParser

# Most bytes of one read, and of one while something long is pending.
_CHUNK = 64 * 1024
_MAX_CHUNK = 1024 * 1024

_DOCTYPE = (
    "found a document type (<!DOCTYPE>), which may bring in entities; expected none: ask the sender to leave it out"
)


class XmlRecords:
    """The records of an XML document. When it is refused after all, those that were given are void."""

    def __init__(self, content: Content, layout: Layout, where: RecordsIn, limits: Limits) -> None:
        self.blanks = 0
        self._content = content
        self._max = limits.max_record_bytes
        self._chunk = min(limits.chunk_bytes, _CHUNK)
        self._collector = XmlCollector(content.path, layout, where)
        self._parser = XmlParser(self._collector)

    def __iter__(self) -> Iterator[Record]:
        collector = self._collector
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        try:
            while chunk := self._content.read(self._step()):
                self._parser.feed(decoder.decode(chunk))
                collector.position += len(chunk)
                self._expect_bounded()
                yield from collector.delivered
                collector.delivered.clear()
            decoder.decode(b"", final=True)
            self._parser.close()
        except UnicodeDecodeError as error:
            raise self._refused("not_utf8", "found bytes that are not UTF-8") from error
        except DocumentType as found:
            raise self._refused("doctype", _DOCTYPE) from found
        except XmlBroken as broken:
            raise self._refused("invalid_xml", f"not well-formed: {broken}") from broken
        self._expect_declared()
        collector.finish()

    @property
    def records(self) -> int:
        """All records so far."""
        return self._collector.records

    @property
    def extra(self) -> list[str]:
        """Names of elements and attributes that no column wants, 20 at most."""
        return list(self._collector.extra)

    def _step(self) -> int:
        return max(self._chunk, min(self._since(), _MAX_CHUNK, self._max // 8))

    def _since(self) -> int:
        """How many bytes came since the record began, or since the last tag outside of records."""
        collector = self._collector
        return collector.position - (collector.record_from if collector.in_record else collector.heard)

    def _expect_bounded(self) -> None:
        if self._since() > self._max:
            of_record = f"record {self.records + 1}"
            what = of_record if self._collector.in_record else "what stands between two tags"
            raise self._refused("too_large", f"{what} takes more than {self._max} bytes")

    def _expect_declared(self) -> None:
        version, encoding = self._parser.version, self._parser.encoding
        if encoding.upper() != "UTF-8":
            detail = f'the file says encoding="{encoding}", expected UTF-8; convert it with iconv'
            raise self._refused("not_utf8", detail)
        if version != "1.0":
            raise self._refused("invalid_xml", f"the file says XML {version}, expected 1.0")

    def _refused(self, code: str, detail: str) -> RefusedFile:
        return RefusedFile(code, self._content.path, detail)
