"""Key-value pairs in a Textract result (AnalyzeDocument, forms)."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from .found_text import FoundText, Malformed, is_number, least_certain, number_text, objects_in, text_of
from .record import cut


class _Block(NamedTuple):
    """A block of an analysis: a page, a line, a word, half of a key-value pair."""

    type: str
    members: dict[str, Any]
    # Ids by kind of relationship: CHILD, VALUE.
    related: Mapping[str, list[str]]


def textract_pairs(result: dict[str, Any]) -> list[FoundText | Malformed] | Malformed:
    """The pairs, in the order of the result's blocks; each may be malformed by itself."""
    listed = objects_in(result.get("Blocks"))
    if listed is None:
        return Malformed("found no Blocks, an array of objects")
    blocks: dict[str, _Block] = {}
    for members in listed:
        block_id, block_type = text_of(members.get("Id")), text_of(members.get("BlockType"))
        related = _relationships(members.get("Relationships"))
        if block_id is None or block_type is None or related is None:
            return Malformed("found a block without Id, BlockType or with Relationships of another form")
        if block_id in blocks:
            return Malformed(f"found two blocks with the Id {cut(block_id, 60)}")
        blocks[block_id] = _Block(block_type, members, related)
    keys = [(one, block) for one, block in blocks.items() if block.type == "KEY_VALUE_SET" and _is_key(block.members)]
    return [_pair(block_id, block, blocks) for block_id, block in keys]


def _is_key(members: dict[str, Any]) -> bool:
    types = members.get("EntityTypes")
    return isinstance(types, list) and "KEY" in types


def _relationships(value: Any) -> dict[str, list[str]] | None:
    if value is None:
        return {}
    listed = objects_in(value)
    if listed is None:
        return None
    found: dict[str, list[str]] = {}
    for relationship in listed:
        kind, ids = relationship.get("Type"), relationship.get("Ids")
        if not isinstance(kind, str) or not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
            return None
        found.setdefault(kind, []).extend(ids)
    return found


def _pair(block_id: str, key: _Block, blocks: Mapping[str, _Block]) -> FoundText | Malformed:
    halves = [key]
    for at in key.related.get("VALUE", []):
        if at not in blocks:
            return Malformed(f"the key {block_id} has the value {at}, which is no block")
        halves.append(blocks[at])
    certain: list[Any] = []
    texts: list[str] = []
    for half in halves:
        certain.append(half.members.get("Confidence"))
        words: list[str] = []
        for at in half.related.get("CHILD", []):
            word = blocks.get(at)
            text = None if word is None else _word(word)
            if word is None or text is None:
                return Malformed(f"the pair {block_id} has the child {at}, which is no word")
            certain.append(word.members.get("Confidence"))
            words.append(text)
        texts.append(" ".join(words))
    page = key.members.get("Page")
    return FoundText(
        id=block_id,
        page=number_text(page) if is_number(page) else "1",
        key=texts[0] or None,
        value=" ".join(texts[1:]) or None,
        confidence=least_certain(certain),
    )


def _word(block: _Block) -> str | None:
    return text_of(block.members.get("SelectionStatus" if block.type == "SELECTION_ELEMENT" else "Text"))
