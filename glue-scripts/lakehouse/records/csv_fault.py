"""The faults of CSV records in words: found against expected."""

from collections.abc import Sequence

# The faults of quoting and length: where the record ends cannot be known, so they spoil their own physical line only.
SPOILS_LINE = frozenset({"unclosed_quote", "text_after_quote", "quote_in_text", "record_too_long"})

_WORDS = {
    "unclosed_quote": "a quote opens and never closes",
    "text_after_quote": "found text after a closing quote (byte {at} of the record), expected a comma or the end of the line",
    "quote_in_text": 'found a quote inside an unquoted field (byte {at} of the record); quote the field and write "" for a quote',
    "record_too_long": "found no end of the record within {max_bytes} bytes",
    "nul": "found a NUL byte",
    "invalid_utf8": "found bytes that are not UTF-8",
    "lone_cr": "found a carriage return without line feed outside quotes",
    "too_few_fields": "found {count} fields, expected {expected} ({names})",
    "too_many_fields": "found {count} fields, expected {expected} ({names})",
}


def fault_detail(code: str, at: int, count: int, names: Sequence[str], max_bytes: int) -> str:
    """What is wrong with a record. `at`: where reading stopped, from 1; `count`: fields found; `names`: the header."""
    return _WORDS[code].format(at=at, count=count, expected=len(names), names=", ".join(names), max_bytes=max_bytes)
