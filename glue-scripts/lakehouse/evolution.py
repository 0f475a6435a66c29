"""Brings an Iceberg table's columns to what its contract says. Old snapshots, and so readers, keep theirs."""

import re

from .change import type_name, widens
from .lake import Lake
from .plan import bind

#: Columns that every loaded table has beside its contract's.
PROVENANCE = {"_raw_file", "_record", "_known_from"}

SPARK_TYPES = {
    "text": "string",
    "integer": "bigint",
    "date": "date",
    "instant": "timestamp_ntz",
    "boolean": "boolean",
}


def spark_type(kind: dict) -> str:
    """A column type as Spark spells it."""
    return type_name(kind) if kind["kind"] == "decimal" else SPARK_TYPES[kind["kind"]]


def prepare_table(lake: Lake, table: dict, fresh: bool) -> None:
    """Creates a table that is not there yet; one that is made anew gets the columns of its contract."""
    lake.create(table["name"], bind(table["ddl"]["spark"], lake.name, None))
    if fresh:
        evolve(lake, table)


def evolve(lake: Lake, table: dict) -> None:
    """
    Adds columns, widens decimals, lets columns be null. A column of another type, or that the contract no longer has, comes
    here only where the rebuild was asked for by name: it is dropped at once, for Iceberg can neither change nor hide it.
    """
    name = lake.name(table["name"])
    change = lambda what: lake.spark.sql(f"alter table {name} {what}")
    fields = {field.name: field for field in lake.spark.table(name).schema.fields}
    wanted = {column["name"]: column for column in table["columns"]}
    for gone in fields.keys() - wanted.keys() - PROVENANCE:
        change(f"drop column `{gone}`")
    for column in wanted.values():
        kind, field = spark_type(column["type"]), fields.get(column["name"])
        found = None if field is None else field.dataType.simpleString()
        if found is not None and not _may_become(found, column["type"]):
            change(f"drop column `{column['name']}`")
            found = None
        if found is None:
            change(f"add column `{column['name']}` {kind}")
            continue
        if found != kind:
            change(f"alter column `{column['name']}` type {kind}")
        if column["nullable"] and not field.nullable:
            change(f"alter column `{column['name']}` drop not null")


def _may_become(found: str, kind: dict) -> bool:
    if found == spark_type(kind):
        return True
    was = re.fullmatch(r"decimal\((\d+),(\d+)\)", found)
    return was is not None and widens({"kind": "decimal", "precision": int(was[1]), "scale": int(was[2])}, kind)
