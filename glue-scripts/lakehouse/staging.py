"""
New files of one dataset as typed rows. Every record passes the splitter in Python, one task a file, and the plan's
conform SQL; Spark's own readers see only Parquet, whose types carry no doubt, and large files of proven plain lines.
"""

import functools
import json

from pyspark.sql import DataFrame, Row, SparkSession

from .delivery import Delivery
from .discovery import New, Storage, packed
from .file_parts import part_records
from .parquet import parquet_records
from .plan import literal, quoted
from .records import Fault, Layout, RefusedFile, kept, split, staged

# Where a row came from. A record that cannot be read has a code; the last row of a file has no number: its code is `read`,
# `changed` or why it is refused, and it says how many records there were and which of its columns no contract knows. It passes the conform SQL as `_at`, so one frame holds all three.
AT = "struct<record: bigint, code: string, detail: string, raw: string>"


def stage(spark: SparkSession, storage: Storage, table: dict, delivery: Delivery) -> DataFrame | None:
    """
    The records of new files: the contract's columns, `_faults`, `_raw`, `_refused` where columns are lenient, `_raw_file`
    (its place in `delivery.new`) and `_at`. None where no file could be taken.
    """
    new = {"text": [], "parts": [], "parquet": []}
    for number, each in enumerate(delivery.new):
        kind = "parquet" if each.found.file.format == "parquet" else "text" if each.header is None else "parts"
        new[kind].append((number, each))
    refuse = lambda each, error: delivery.refuse(storage, each, error.reason)
    frames = [
        *([_split(spark, storage, table, new["text"])] if new["text"] else []),
        *(part_records(spark, storage, table, number, each, AT) for number, each in new["parts"]),
        *parquet_records(spark, storage, table, new["parquet"], AT, refuse),
    ]
    if not frames:
        return None
    view = view_of("records", table)
    functools.reduce(DataFrame.unionByName, frames).createOrReplaceTempView(view)
    conform = table["making"]["conform"]["spark"]
    return spark.sql(conform.replace("{{records}}", view).replace("{{file}}", "_raw_file"))


def view_of(kind: str, table: dict) -> str:
    """A temporary view's name: tables are loaded side by side in one session."""
    return f"{kind}_{table['name'].replace('.', '_')}"


def _split(spark: SparkSession, storage: Storage, table: dict, new: list[tuple[int, New]]) -> DataFrame:
    columns = ", ".join(f"`raw_{column['name']}` string" for column in table["columns"])
    numbers = {each.found.file.path: (number, each.sha256) for number, each in new}
    layout = Layout.of(table)
    blank = (None,) * len(table["columns"])

    def records(found):
        number, sha256 = numbers[found.file.path]
        try:
            with storage.open(found.file.path) as stream:
                splitting = split(stream, found.file, layout)
                for record in splitting:
                    if isinstance(record, Fault):
                        yield (number, (record.number, record.code, record.detail, kept(record.raw)), None, *blank)
                    else:
                        fault, values = staged(record, layout)
                        yield (number, (record.number, None, None, None), fault, *map(_plain, values))
            state = "read" if splitting.sha256 == sha256 else "changed"
            end = (None, state, str(splitting.records), ", ".join(splitting.extra))
        except RefusedFile as error:
            end = (None, error.reason, "0", "")
        except OSError as error:
            end = (None, f"unreadable: {error}", "0", "")
        yield (number, end, None, *blank)

    tasks = packed([each.found for _, each in new])
    rows = spark.sparkContext.parallelize(tasks, len(tasks)).flatMap(lambda task: (row for f in task for row in records(f)))
    return spark.createDataFrame(rows, f"_raw_file int, _at {AT}, _fault string, {columns}", verifySchema=False)


def _plain(value: str | None) -> str | None:
    """Spark takes text itself, not what is derived of it."""
    return None if value is None else str(value)


# Records that could be split, those of them with a fault, those that could not.
TALLY = """count(case when _at.record is not null and _at.code is null then 1 end) as typed,
  count(case when _at.record is not null and _at.code is null and _faults is not null then 1 end) as faulty,
  count(case when _at.record is not null and _at.code is not null then 1 end) as broken"""


def summary(spark: SparkSession, view: str) -> list:
    """One row a file: what became of its records, and how its reading ended."""
    return spark.sql(
        f"""select _raw_file, {TALLY},
          max(case when _at.record is null then _at.code end) as state,
          max(case when _at.record is null then cast(_at.detail as bigint) end) as records,
          max(case when _at.record is null then _at.raw end) as extra
        from {view} group by _raw_file"""
    ).collect()


def view_taken(spark: SparkSession, table: dict, view: str, new: list[New], taken: set[int]) -> str:
    """
    A view of the records of the files that were taken, from a view of all. In place of a file's number `_raw_file` has its
    path, and `_known_from` says from when on its rows can be known.
    """
    columns = [column["name"] for column in table["columns"]] + ["_faults", "_raw", "_at"]
    lenient = ["_refused"] if any(column["lenient"] for column in table["columns"]) else []
    paths = _by_number([each.found.file.path for each in new])
    arrived_on = _by_number([each.found.arrived_on for each in new])
    name = view_of("taken", table)
    spark.sql(
        f"""select {quoted(columns + lenient, "s.")}, {paths} as _raw_file,
          cast(date_add(cast({arrived_on} as date), 1) as timestamp_ntz) as _known_from
        from {view} as s where s._at.record is not null and s._raw_file in ({", ".join(map(str, sorted(taken)))})"""
    ).createOrReplaceTempView(name)
    return name


def view_where(spark: SparkSession, view: str, condition: str) -> tuple[str, Row]:
    """A view of some of its records, and what became of them."""
    spark.sql(f"select * from {view} where {condition}").createOrReplaceTempView(f"some_{view}")
    return f"some_{view}", spark.sql(f"select {TALLY} from some_{view}").first()


def _by_number(texts: list[str]) -> str:
    """The text of a file's number, as SQL: one constant however many files there are, and nothing to join."""
    return f"from_json({literal(json.dumps(texts))}, 'array<string>')[s._raw_file]"


def record_rows(table: dict, records: str, where: str, more: str = "") -> str:
    """Records of a view of those taken, with where they came from, as SQL."""
    columns = quoted([column["name"] for column in table["columns"]])
    return f"select {columns}, _raw_file, _at.record as _record, _known_from{more} from {records} where {where}"
