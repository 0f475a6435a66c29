"""JSON numbers as plain text, by value."""

# Most zeros at the end of a whole number, or right behind the point: far beyond any column, and short to write out.
_MAX_ZEROS = 400

# Exponents of more digits are beyond any bound, and slow to read.
_MAX_EXPONENT_DIGITS = 18


def canonical_number(text: str) -> str | None:
    """
    A JSON number without exponent and needless zeros, exact at any length: `1e3` is `1000`, `1.50` is `1.5`, `-0` is `0`.
    None for more than 400 zeros at its end before the point, or right behind the point. The text must follow the JSON grammar.
    """
    coefficient, has_exponent, exponent = text.replace("E", "e").partition("e")
    whole, point, fraction = coefficient.partition(".")
    if not has_exponent and not point and len(text) <= _MAX_ZEROS:
        return "0" if text == "-0" else text
    sign = "-" if whole.startswith("-") else ""
    whole = whole.removeprefix("-")
    digits = whole + fraction
    significant = digits.lstrip("0")
    first = len(digits) - len(significant)
    significant = significant.rstrip("0")
    if not significant:
        return "0"
    # Where the point stands, counted from the first significant digit.
    place = len(whole) - first + _exponent(exponent)
    if place > len(significant) + _MAX_ZEROS or place < -_MAX_ZEROS:
        return None
    if place <= 0:
        return f"{sign}0.{'0' * -place}{significant}"
    if place >= len(significant):
        return sign + significant + "0" * (place - len(significant))
    return f"{sign}{significant[:place]}.{significant[place:]}"


def _exponent(text: str) -> int:
    digits = text.lstrip("+-").lstrip("0")
    if len(digits) > _MAX_EXPONENT_DIGITS:
        digits = "9" * _MAX_EXPONENT_DIGITS
    size = int(digits or "0")
    return -size if text.startswith("-") else size
