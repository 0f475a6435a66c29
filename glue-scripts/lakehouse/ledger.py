"""What every run read, made and refused: Iceberg tables of the layer `ops`, written like any other."""

import json
from concurrent.futures import ThreadPoolExecutor

from pyspark.sql import DataFrame

from .lake import Lake
from .session import FAILURES

TABLES = {
    # One row per run; result is what --result got. Its commit is the commit point of the run.
    "ops.run": "run_id string, started_at timestamp_ntz, seconds double, status string, as_of date, error string, result string",
    # One row per delivery: a path with a content. stamp tells without reading whether the file is still the same.
    "ops.file": "dataset string, path string, sha256 string, stamp string, status string, bytes bigint, rows bigint, arrived_on date, run_id string",
    # One row per table made in a run.
    "ops.step": "run_id string, table_name string, level bigint, seconds double, read bigint, accepted bigint, duplicate bigint, superseded bigint, quarantined bigint, rows bigint",
    # One row per check measured in a run.
    "ops.check": "run_id string, table_name string, check_name string, says string, severity string, verdict string, failed bigint, total bigint, finding string",
    # One row per refused record, with all of its reasons and what it said. Not masked: this is where a person mends it.
    "ops.quarantine": "run_id string, dataset string, file string, record bigint, reasons array<string>, raw string",
    # One row per field that was refused by itself while its record counts. Not masked either.
    "ops.refused_field": "run_id string, dataset string, file string, record bigint, field string, reason string, raw string",
    # One row per record that is not in its table because the same key stands there: duplicate or superseded.
    "ops.discard": "run_id string, dataset string, file string, record bigint, fate string",
    # One row per table that keeps an earlier version than the last run was to make, and why.
    "ops.held": "table_name string, because string",
    # One row per file that the last run over its dataset refused.
    "ops.refused": "dataset string, path string, reason string",
    # One row per record that lost its key to another content while no version decided.
    "ops.contested": "run_id string, table_name string, key array<string>, file string, record bigint",
    # One row per table: the definition it was made by, and what it was made from.
    "ops.made": "table_name string, definition string, changed_in string, made_from string, as_ofs string, rows bigint",
}


def create_ledger(lake: Lake, parallel: int) -> None:
    """Creates what of the ledger is not there yet."""

    def create(table: str) -> None:
        columns = ", ".join("`{}` {}".format(*column.split(" ", 1)) for column in TABLES[table].split(", "))
        lake.create(table, f"create table {lake.name(table)} ({columns}) using iceberg tblproperties ('format-version' = '2')")

    lake.has("ops.run")
    with ThreadPoolExecutor(parallel) as pool:
        list(pool.map(create, TABLES))


def tidy_ledger(lake: Lake, days: int, parallel: int) -> list[str]:
    """
    Expires old snapshots of the ledger, which the catalog's table optimizers know nothing of: runs create it. A run that is
    published is not failed by it: @returns what there is to note.
    """
    try:
        lake.expire(list(TABLES), days, parallel)
        return []
    except FAILURES as error:
        return [f"old snapshots of the ledger are left for the next run: {error}"]


def rows_of(lake: Lake, table: str, rows: list[tuple]) -> DataFrame:
    """Rows of this program, for a table of the ledger."""
    return lake.spark.createDataFrame(rows, TABLES[table]).coalesce(1)


def finished_runs(lake: Lake) -> set[str]:
    """The runs that reached their commit point."""
    return {row.run_id for row in lake.spark.sql(f"select run_id from {lake.name('ops.run')} where status = 'ok'").collect()}


def known_files(lake: Lake) -> list[dict]:
    """All deliveries that the ledger knows."""
    query = f"select dataset, path, sha256, stamp, status, bytes, rows, arrived_on, run_id from {lake.name('ops.file')}"
    return [row.asDict() for row in lake.spark.sql(query).collect()]


def made_tables(lake: Lake) -> dict[str, dict]:
    """Every table of the lake as it was made, by name."""
    rows = lake.spark.table(lake.name("ops.made")).collect()
    return {
        row.table_name: {
            "definition": json.loads(row.definition),
            "changed_in": row.changed_in,
            "made_from": json.loads(row.made_from),
            "as_ofs": json.loads(row.as_ofs),
            "rows": row.rows,
        }
        for row in rows
    }


def standing_checks(lake: Lake) -> dict[tuple[str, str], dict]:
    """Each check's latest outcome, by table and check."""
    rows = lake.spark.sql(
        f"""select table_name, check_name, finding, as_of from (
          select c.table_name, c.check_name, c.finding, cast(r.as_of as string) as as_of,
            row_number() over (partition by c.table_name, c.check_name order by r.started_at desc, r.run_id) as place
          from {lake.name('ops.check')} as c inner join {lake.name('ops.run')} as r on r.run_id = c.run_id) as latest
        where place = 1"""
    ).collect()
    return {(row.table_name, row.check_name): {**json.loads(row.finding), "as_of": row.as_of} for row in rows}


def standing_faults(lake: Lake) -> dict[str, list[tuple]]:
    """What waits for somebody: tables that are held, files that were refused."""
    return {
        table: sorted(tuple(row) for row in lake.spark.table(lake.name(table)).collect())
        for table in ("ops.held", "ops.refused")
    }


def contested_tables(lake: Lake) -> set[str]:
    """The tables with keys that came with several contents and no version to decide."""
    return {row.table_name for row in lake.spark.sql(f"select distinct table_name from {lake.name('ops.contested')}").collect()}
