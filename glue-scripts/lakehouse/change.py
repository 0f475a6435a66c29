"""What a changed contract leads to: a table made anew from raw, or a refusal with the way out."""

import hashlib
import json

from .plan import is_loaded


class ChangeRefused(Exception):
    """Contracts changed in a way that would lose something. Nothing was touched."""


def definition_of(table: dict) -> dict:
    """What a table's rows depend on."""
    making = table["making"]
    if is_loaded(table):
        paths = [column["path"] for column in table["columns"]]
        text = json.dumps([paths, making["records"], making["conform"]["spark"]])
    else:
        text = making["select"]["spark"]
    return {
        "columns": [{name: column[name] for name in ("name", "type", "nullable")} for column in table["columns"]],
        "grain": table["grain"],
        "write": json.dumps(table["write"]),
        "source": making["source"] if is_loaded(table) else None,
        "making": hashlib.sha256(text.encode()).hexdigest(),
    }


def compare(was: dict, now: dict) -> list[tuple[str, bool]]:
    """The differences of two definitions, each with whether a rebuild answers it."""
    found = _columns(was, now)
    if was["grain"] != now["grain"]:
        found.append((f"key changed from ({', '.join(was['grain'])}) to ({', '.join(now['grain'])})", False))
    if was["source"] != now["source"]:
        found.append((f"source changed from raw.{was['source']} to raw.{now['source']}", False))
    if was["write"] != now["write"]:
        found.append((f"write policy changed from {was['write']} to {now['write']}", False))
    if not found and was["columns"] != now["columns"]:
        found.append(("columns reordered", True))
    if not found and was["making"] != now["making"]:
        found.append(("its SQL changed" if now["source"] is None else "its rules changed", True))
    return found


def _columns(was: dict, now: dict) -> list[tuple[str, bool]]:
    before = {column["name"]: column for column in was["columns"]}
    after = {column["name"]: column for column in now["columns"]}
    found = []
    for name, column in after.items():
        old = before.get(name)
        if old is None:
            found.append((f"column {name} added ({type_name(column['type'])})", True))
            continue
        if old["type"] != column["type"]:
            safe = widens(old["type"], column["type"])
            how = "widened" if safe else "changed"
            found.append((f"{name} {how} from {type_name(old['type'])} to {type_name(column['type'])}", safe))
        if old["nullable"] != column["nullable"]:
            found.append((f"{name} made {'optional' if column['nullable'] else 'required'}", column["nullable"]))
    found.extend((f"column {name} removed", False) for name in before if name not in after)
    return found


def widens(was: dict, now: dict) -> bool:
    """Whether Iceberg can widen the type in place: only a decimal's digits before the point."""
    decimals = was["kind"] == now["kind"] == "decimal"
    return decimals and was["scale"] == now["scale"] and now["precision"] >= was["precision"]


def type_name(kind: dict) -> str:
    return f"decimal({kind['precision']},{kind['scale']})" if kind["kind"] == "decimal" else kind["kind"]


def refuse_loss(changes: dict[str, list[tuple[str, bool]]], asked: list[str]) -> None:
    """Refuses changes that stored rows may not survive, unless the rebuild of the table was asked for by name."""
    lost = {
        name: [says for says, safe in found if not safe]
        for name, found in changes.items()
        if name not in asked and not all(safe for _, safe in found)
    }
    if lost:
        listed = "; ".join(f"{name}: {', '.join(says)}" for name, says in lost.items())
        raise ChangeRefused(
            f"a contract changed in a way that stored rows may not survive: {listed}; columns may be added and decimals "
            "be widened before the point. Put the contract back, or make the table anew from its raw files: "
            f"--rebuild {','.join(lost)}"
        )
