"""
New files of one dataset as typed rows. Every record passes the splitter in Python, one task a file, and the plan's
conform SQL; Spark's own readers see only Parquet, whose types carry no doubt, and large files of proven plain lines.
"""

import functools

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from .discovery import Delivery, New, Storage, packed, refused_result
from .file_parts import part_records
from .parquet import parquet_records
from .plan import quoted
from .records import Fault, Layout, RefusedFile, kept, split, staged

# Where a row came from. A record that cannot be read has a code; the last row of a file has no number, and says how
# many records there were and which of its columns no contract knows. It passes the conform SQL as `_at`, so one frame holds all three.
AT = "struct<record: bigint, code: string, detail: string, raw: string>"


def stage(spark: SparkSession, storage: Storage, table: dict, delivery: Delivery) -> DataFrame | None:
    """
    The records of new files: the contract's columns, `_faults`, `_raw`, `_refused` where columns are lenient, `_raw_file`
    (its place in `delivery.new`) and `_at`. None where no file could be taken.
    """
    text = [each for each in enumerate(delivery.new) if each[1].found.file.format != "parquet" and each[1].header is None]
    frames = [_split(spark, storage, table, text)] if text else []
    for number, new in enumerate(delivery.new):
        if new.header is not None:
            frames.append(part_records(spark, storage, table, number, new, AT))
        elif new.found.file.format == "parquet":
            try:
                frames.append(parquet_records(spark, storage, table, number, new, AT))
            except RefusedFile as error:
                delivery.files.append(refused_result(new.found, error))
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
        with storage.open(found.file.path) as stream:
            splitting = split(stream, found.file, layout)
            for record in splitting:
                if isinstance(record, Fault):
                    yield (number, (record.number, record.code, record.detail, kept(record.raw)), None, *blank)
                else:
                    fault, values = staged(record, layout)
                    yield (number, (record.number, None, None, None), fault, *map(_plain, values))
            state = "read" if splitting.sha256 == sha256 else "changed"
            yield (number, (None, state, str(splitting.records), ", ".join(splitting.extra)), None, *blank)

    tasks = packed([each.found for _, each in new])
    rows = spark.sparkContext.parallelize(tasks, len(tasks)).flatMap(lambda task: (row for f in task for row in records(f)))
    return spark.createDataFrame(rows, f"_raw_file int, _at {AT}, _fault string, {columns}", verifySchema=False)


def _plain(value: str | None) -> str | None:
    """Spark takes text itself, not what is derived of it."""
    return None if value is None else str(value)


def summary(spark: SparkSession, view: str) -> list:
    """One row a file: records that could be split, those of them with a fault, those that could not, and how its reading ended."""
    return spark.sql(
        f"""select _raw_file,
          count(case when _at.record is not null and _at.code is null then 1 end) as typed,
          count(case when _at.record is not null and _at.code is null and _faults is not null then 1 end) as faulty,
          count(case when _at.record is not null and _at.code is not null then 1 end) as broken,
          max(case when _at.record is null then _at.code end) as state,
          max(case when _at.record is null then cast(_at.detail as bigint) end) as records,
          max(case when _at.record is null then _at.raw end) as extra
        from {view} group by _raw_file"""
    ).collect()


def files_view(spark: SparkSession, table: dict, new: list[New], taken: set[int]) -> str:
    """A small view of the files that were taken: number, path, from when on their rows can be known."""
    rows = [(number, each.found.file.path, each.found.arrived_on) for number, each in enumerate(new) if number in taken]
    files = spark.createDataFrame(rows, "number int, path string, arrived_on string")
    known_from = F.expr("cast(date_add(cast(arrived_on as date), 1) as timestamp_ntz)")
    view = view_of("files", table)
    F.broadcast(files.withColumn("known_from", known_from)).createOrReplaceTempView(view)
    return view


def record_rows(table: dict, staged_view: str, files: str, where: str, more: str = "") -> str:
    """Staged records with where they came from, as SQL."""
    columns = quoted([column["name"] for column in table["columns"]], "s.")
    return (
        f"select {columns}, f.path as _raw_file, s._at.record as _record, f.known_from as _known_from{more} "
        f"from {staged_view} as s inner join {files} as f on f.number = s._raw_file "
        f"where s._at.record is not null and {where}"
    )
