"""Names and namespaces of XML 1.0, fifth edition."""

from collections.abc import Mapping
from typing import NamedTuple

from .xml_broken import XmlBroken

_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_REST = _START + "\\-.0-9\u00b7\u0300-\u036f\u203f-\u2040"

# A name with or without prefix, of which there may be one (that is judged apart); and one without.
NAME = f"[:{_START}][:{_REST}]*+"
NAME_WITHOUT_COLON = f"[{_START}][{_REST}]*+"

_XML = "http://www.w3.org/XML/1998/namespace"
_XMLNS = "http://www.w3.org/2000/xmlns/"

# What JavaScript's trim() takes away: the laptop's parser trims the names of namespaces.
_TRIMMED = "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"

Scope = Mapping[str, str]
ROOT_SCOPE: Scope = {"xml": _XML, "xmlns": _XMLNS}


class Attribute(NamedTuple):
    """An attribute; one without prefix has no namespace."""

    uri: str
    local: str
    value: str


def declared(scope: Scope, attributes: Mapping[str, str]) -> Scope:
    """The namespaces in an element, given those around it."""
    found: dict[str, str] = {}
    for name, value in attributes.items():
        prefix, _, local = name.rpartition(":")
        if prefix == "xmlns" or name == "xmlns":
            uri = value.strip(_TRIMMED)
            of = local if prefix == "xmlns" else ""
            if (of and not uri) or of == "xmlns" or uri == _XMLNS or (of == "xml") != (uri == _XML):
                raise XmlBroken(f"the prefix {of!r} cannot stand for {uri!r}")
            found[of] = uri
    return {**scope, **found} if found else scope


def element_name(scope: Scope, name: str) -> tuple[str, str]:
    """Namespace and local name of an element."""
    if ":" not in name:
        return scope.get("", ""), name
    prefix, local = _parted(name)
    if prefix == "xmlns":
        raise XmlBroken("an element has the prefix xmlns")
    uri = scope.get(prefix, "")
    if prefix and not uri:
        raise XmlBroken(f"unbound prefix: {prefix}")
    return uri, local


def named(scope: Scope, attributes: Mapping[str, str]) -> list[Attribute]:
    """The attributes of an element with their namespaces."""
    found: list[Attribute] = []
    for name, value in attributes.items():
        prefix, local = _parted(name)
        if prefix and prefix not in scope:
            raise XmlBroken(f"unbound prefix: {prefix}")
        uri = scope[prefix] if prefix else _XMLNS if name == "xmlns" else ""
        found.append(Attribute(uri, local, value))
    prefixed = [(one.uri, one.local) for one in found if one.uri]
    if len(set(prefixed)) < len(prefixed):
        raise XmlBroken("an attribute stands twice in one element")
    return found


def _parted(name: str) -> tuple[str, str]:
    prefix, colon, local = name.partition(":")
    if not colon:
        return "", name
    if not prefix or not local or ":" in local:
        raise XmlBroken(f"malformed name: {name}")
    return prefix, local
