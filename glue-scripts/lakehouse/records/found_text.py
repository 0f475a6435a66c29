"""What an analysis read in a document."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple


class FoundText(NamedTuple):
    """One thing that an analysis read: a key-value pair of a form, or a line of text."""

    # The analysis' own number of it; unique within the document.
    id: str
    page: str | None
    key: str | None
    value: str | None
    # Percent with two digits, cut, never rounded up: of all parts the least certain.
    confidence: str | None


class Malformed(NamedTuple):
    """An analysis as a whole, or one pair in it, that does not have the form it should."""

    found: str


def objects_in(value: Any) -> list[dict[str, Any]] | None:
    """The elements of an array of objects; None when it is none."""
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        return None
    return value


def text_of(value: Any) -> str | None:
    """A text, or None for anything else."""
    return value if isinstance(value, str) else None


def is_number(value: Any) -> bool:
    """Whether a value is a JSON number; all of them are read as doubles."""
    return isinstance(value, float)


def number_text(number: float) -> str:
    """A number in the shortest digits that are it, without exponent where it has at most 21 places, as JavaScript prints it."""
    if math.isinf(number):
        return "-Infinity" if number < 0 else "Infinity"
    if number == 0:
        return "0"
    sign = "-" if number < 0 else ""
    mantissa, _, power = repr(abs(number)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = fraction if fraction != "0" else ""
    digits = (whole + fraction).lstrip("0")
    leading = len(whole + fraction) - len(digits)
    # Where the point stands, counted from the first digit that is not 0.
    place = len(whole) - leading + int(power or "0")
    digits = digits.rstrip("0")
    if len(digits) <= place <= 21:
        return sign + digits + "0" * (place - len(digits))
    if 0 < place <= 21:
        return f"{sign}{digits[:place]}.{digits[place:]}"
    if -6 < place <= 0:
        return f"{sign}0.{'0' * -place}{digits}"
    exponent = place - 1
    rest = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{rest}e{'+' if exponent > 0 else '-'}{abs(exponent)}"


def least_certain(values: Sequence[Any]) -> str | None:
    """The least certain of several confidences; None when one of them is no number from 0 to 100."""
    least = 100.0
    for value in values:
        if not is_number(value) or not 0 <= value <= 100:
            return None
        least = min(least, value)
    digits = str(math.floor(least * 100)).rjust(3, "0")
    return f"{digits[:-2]}.{digits[-2:]}"
