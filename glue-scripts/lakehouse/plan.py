"""The plan as data, and the few questions that a run asks of it."""

import json
import re

MARKER = re.compile(r"\{\{([a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)?)\}\}")


class UnknownName(Exception):
    """A name that is neither a product nor a table."""


def read_plan(content: bytes) -> dict:
    """The plan in `dist/plan.json`."""
    plan = json.loads(content)["plan"]
    if plan["format"] != 1:
        raise ValueError(f"the plan has format {plan['format']}, this script reads format 1: deploy both together")
    return plan


def bind(template: str, table, as_of: str | None) -> str:
    """Fills a template: tables by name, `{{as_of}}` by a date literal."""

    def fill(match: re.Match) -> str:
        name = match.group(1)
        if name != "as_of":
            return table(name)
        if as_of is None:
            raise ValueError("{{as_of}} stands in the SQL but no as-of date is given")
        return f"date '{as_of}'"

    return MARKER.sub(fill, template)


def tables_in(template: str) -> list[str]:
    """The tables that a template reads."""
    return [name for name in MARKER.findall(template) if "." in name]


def is_loaded(table: dict) -> bool:
    return table["making"]["kind"] == "load"


def named_tables(plan: dict, names: list[str]) -> list[str]:
    """The tables that names stand for: a product's name wins over a table's."""
    found = []
    for name in names:
        of_product = [table["name"] for table in plan["tables"] if table["product"] == name]
        tables = of_product or [table["name"] for table in plan["tables"] if table["name"] == name]
        if not tables:
            products = ", ".join(product["name"] for product in plan["products"])
            known = ", ".join(table["name"] for table in plan["tables"])
            raise UnknownName(f"there is no product or table {name}; products: {products}; tables: {known}")
        found.extend(tables)
    return found


def with_upstream(plan: dict, names: list[str]) -> list[dict]:
    """Tables with all that they are made of, in the order of the plan."""
    by_name = {table["name"]: table for table in plan["tables"]}
    wanted, open_names = set(), list(names)
    while open_names:
        name = open_names.pop()
        if name not in wanted:
            wanted.add(name)
            open_names.extend(by_name[name]["reads"])
    return [table for table in plan["tables"] if table["name"] in wanted]


def as_of_column(table: dict) -> str | None:
    """The one date in the key of a table with answers per as-of date; None where there is none."""
    if is_loaded(table) or not table["making"]["takesAsOf"]:
        return None
    dates = [c["name"] for c in table["columns"] if c["type"]["kind"] == "date" and c["name"] in table["grain"]]
    return dates[0] if len(dates) == 1 else None


def quoted(names: list[str], alias: str = "") -> str:
    """Names as a list in Spark's SQL."""
    return ", ".join(f"{alias}`{name}`" for name in names)


def literal(text: str | None) -> str:
    """Text as a SQL literal; for values of this program: names, paths, ids."""
    return "null" if text is None else "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
