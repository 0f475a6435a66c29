"""
XML 1.0 (fifth edition) with namespaces, as a stream, for documents without a document type: there is no entity to expand or
to fetch. The standard library's parser knows the names of the fourth edition only, and would refuse what the laptop reads.
"""

import re
from typing import Protocol

from .xml_broken import DocumentType, XmlBroken
from .xml_names import NAME, NAME_WITHOUT_COLON, ROOT_SCOPE, Attribute, Scope, declared, element_name, named

_SPACE = " \t\n"
_S = f"[{_SPACE}]"
_CHARACTER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_VALUE = """(?:"[^<"]*+"|'[^<']*+')"""
_ATTRIBUTE = re.compile(f"""{_S}++({NAME}){_S}*+={_S}*+(?:"([^<"]*+)"|'([^<']*+)')""")
_OPEN = re.compile(f"<({NAME})((?:{_S}++{NAME}{_S}*+={_S}*+{_VALUE})*+){_S}*+(/?)>")
_CLOSE = re.compile(f"</({NAME}){_S}*+>")
# An element of nothing but plain text, which most are: three events for one look.
_LEAF = re.compile(rf"<({NAME})>([^<&\]]*+)</\1>")
# A tag to its end, whatever is wrong in it.
_TO_END = re.compile("""<[^"'>]*+(?:(?:"[^"]*+"|'[^']*+')[^"'>]*+)*+>""")
_INSTRUCTION = re.compile(rf"<\?({NAME_WITHOUT_COLON})(?:{_S}.*+)?", re.DOTALL)
_DECLARATION = re.compile(
    rf"""<\?xml{_S}++version{_S}*+={_S}*+(?P<q>["'])(?P<version>1\.[0-9]++)(?P=q)"""
    rf"""(?:{_S}++encoding{_S}*+={_S}*+(?P<e>["'])(?P<encoding>[A-Za-z][A-Za-z0-9._-]*+)(?P=e))?"""
    rf"""(?:{_S}++standalone{_S}*+={_S}*+(?:"(?:yes|no)"|'(?:yes|no)'))?{_S}*+"""
)
_REFERENCE = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#0*+([0-9]{1,7})|#x0*+([0-9a-fA-F]{1,6}));|&")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_SPECIAL = ("<!--", "<![CDATA[", "<!DOCTYPE")
_TO_SPACE = str.maketrans("\t\n", "  ")


class XmlHandler(Protocol):
    """Who hears of elements and text."""

    def begin(self, uri: str, local: str, attributes: list[Attribute]) -> None: ...

    def text(self, piece: str) -> None: ...

    def end(self) -> None: ...


class XmlParser:
    """Tells a handler what stands in the text that it is given. Raises XmlBroken or DocumentType."""

    def __init__(self, handler: XmlHandler) -> None:
        self.version = "1.0"
        self.encoding = "UTF-8"
        self._handler = handler
        self._text = ""
        self._carry = ""
        self._at_begin = True
        self._closed_root = False
        # Names of the open elements, and the namespaces in each.
        self._open: list[str] = []
        self._scopes: list[Scope] = [ROOT_SCOPE]

    def feed(self, text: str) -> None:
        """Takes the next text of the document."""
        text = self._carry + text
        # What follows a last carriage return decides what it is.
        self._carry = "\r" if text.endswith("\r") else ""
        text = text.removesuffix("\r")
        odd = _CHARACTER.search(text)
        if odd is not None:
            raise XmlBroken(f"disallowed character U+{ord(odd[0]):04X}")
        self._text += text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
        at = 0
        while (tag := self._text.find("<", at)) >= 0:
            if tag > at:
                self._characters(self._text[at:tag])
                at = tag
            leaf = _LEAF.match(self._text, tag) if self._open else None
            end = self._markup(tag) if leaf is None else self._leaf(leaf)
            if end is None:
                break
            at = end
        self._text = self._text[at:]

    def close(self) -> None:
        """The document is over."""
        self.feed("\n" if self._carry else "")
        if self._text.strip(_SPACE) or self._open:
            raise XmlBroken("the document ends too early")
        if not self._closed_root:
            raise XmlBroken("found no element")

    def _characters(self, text: str) -> None:
        self._at_begin = False
        if not self._open:
            if text.strip(_SPACE):
                raise XmlBroken("text outside of the root element")
            return
        if "]]>" in text:
            raise XmlBroken("]]> in text")
        self._handler.text(_resolved(text))

    def _markup(self, tag: int) -> int | None:
        """Takes what opens with the `<` at `tag`, and gives where it ends; None when more is needed."""
        text = self._text
        sign = text[tag + 1 : tag + 2]
        if sign == "!":
            end = self._special(tag)
        elif sign == "?":
            end = self._instruction(tag)
        else:
            end = self._tag(tag, sign)
        if end is not None:
            self._at_begin = False
        return end

    def _tag(self, at: int, sign: str) -> int | None:
        found = (_CLOSE if sign == "/" else _OPEN).match(self._text, at)
        if found is None:
            if _TO_END.match(self._text, at) is not None:
                raise XmlBroken("malformed tag")
            return None
        if sign == "/":
            self._end(found[1])
        else:
            self._begin(found[1], found[2])
            if found[3]:
                self._end(found[1])
        return found.end()

    def _leaf(self, leaf: re.Match[str]) -> int:
        handler = self._handler
        uri, local = element_name(self._scopes[-1], leaf[1])
        handler.begin(uri, local, [])
        if leaf[2]:
            handler.text(leaf[2])
        handler.end()
        return leaf.end()

    def _begin(self, name: str, written: str) -> None:
        if self._closed_root:
            raise XmlBroken("more than one root element")
        scope = self._scopes[-1]
        attributes: dict[str, str] = {}
        for one in _ATTRIBUTE.finditer(written):
            if one[1] in attributes:
                raise XmlBroken(f"the attribute {one[1]} stands twice in one element")
            attributes[one[1]] = _resolved((one[2] if one[3] is None else one[3]).translate(_TO_SPACE))
        if attributes:
            scope = declared(scope, attributes)
        uri, local = element_name(scope, name)
        self._handler.begin(uri, local, named(scope, attributes) if attributes else [])
        self._open.append(name)
        self._scopes.append(scope)

    def _end(self, name: str) -> None:
        if not self._open or self._open.pop() != name:
            raise XmlBroken(f"unexpected end of {name}")
        self._scopes.pop()
        self._handler.end()
        self._closed_root = not self._open

    def _special(self, at: int) -> int | None:
        """A comment or characters that mean themselves."""
        text = self._text
        if text.startswith("<!--", at):
            end = text.find("--", at + 4)
            if end < 0 or end + 2 == len(text):
                return None
            if text[end + 2] != ">":
                raise XmlBroken("-- inside a comment")
            return end + 3
        if text.startswith("<![CDATA[", at):
            if not self._open:
                raise XmlBroken("text outside of the root element")
            end = text.find("]]>", at + 9)
            if end < 0:
                return None
            self._handler.text(text[at + 9 : end])
            return end + 3
        if text.startswith("<!DOCTYPE", at):
            if self._open or self._closed_root:
                raise XmlBroken("a document type that does not stand before the root element")
            raise DocumentType
        if any(known.startswith(text[at:]) for known in _SPECIAL):
            return None
        raise XmlBroken("unknown markup behind <!")

    def _instruction(self, at: int) -> int | None:
        """A processing instruction, or the declaration that opens a document."""
        end = self._text.find("?>", at + 2)
        if end < 0:
            return None
        found = _INSTRUCTION.fullmatch(self._text, at, end)
        if found is None:
            raise XmlBroken("malformed processing instruction")
        if found[1] == "xml" and self._at_begin:
            said = _DECLARATION.fullmatch(self._text, at, end)
            if said is None:
                raise XmlBroken("malformed XML declaration")
            self.version = said["version"]
            self.encoding = said["encoding"] or self.encoding
        elif found[1].lower() == "xml":
            raise XmlBroken("an XML declaration that does not stand at the begin")
        return end + 2


def _resolved(text: str) -> str:
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(reference: re.Match[str]) -> str:
    name, decimal, hexadecimal = reference.groups()
    if name is not None:
        return _ENTITIES[name]
    code = int(decimal) if decimal is not None else int(hexadecimal, 16) if hexadecimal is not None else 0
    if not 0 < code <= 0x10FFFF or _CHARACTER.match(chr(code)) is not None:
        raise XmlBroken("a reference to no known entity or character")
    return chr(code)
