"""Lines of text in a Rekognition DetectText result."""

from typing import Any

from .found_text import FoundText, Malformed, is_number, least_certain, number_text, objects_in, text_of


def rekognition_lines(result: dict[str, Any]) -> list[FoundText | Malformed] | Malformed:
    """The lines, in the order of the result; the words they are made of are no lines."""
    listed = objects_in(result.get("TextDetections"))
    if listed is None:
        return Malformed("found no TextDetections, an array of objects")
    lines = [one for one in listed if one.get("Type") == "LINE"]
    ids = [number_text(one["Id"]) if is_number(one.get("Id")) else None for one in lines]
    if None in ids or len(set(ids)) < len(ids):
        return Malformed("found a line without an Id of its own")
    return [
        FoundText(
            id=number or "",
            page=None,
            key=None,
            value=text_of(line.get("DetectedText")) or None,
            confidence=least_certain([line.get("Confidence")]),
        )
        for number, line in zip(ids, lines, strict=True)
    ]
