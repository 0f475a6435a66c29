"""The one way in which XML is not well-formed."""


class XmlBroken(Exception):
    """Text that is not well-formed XML; the message says what was found."""


class DocumentType(Exception):
    """A document type, which is not looked at."""
