"""Parquet files as records of text: typed values are taken where nothing can be lost, and then judged like text."""

import dataclasses
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from .discovery import New, Storage
from .parquet_fault import parquet_fault
from .plan import literal, quoted
from .records import Layout, RefusedFile, parquet_text, refuse_missing
from .session import FAILURES
from .storage import exactly

ABSENT = "cast(null as string)"
FOOTERS_AT_A_TIME = 16
#: A folder's files begin with `file:/` or `file:///`, whom one asks.
SCHEME = "^[a-z0-9]+:/*"

#: Told of each file that is refused.
Refuse = Callable[[New, RefusedFile], None]


@dataclasses.dataclass(frozen=True)
class File:
    """A Parquet file by its number in a delivery, with what its footer says."""

    number: int
    new: New
    schema: str
    records: int
    #: Its address as Spark's metadata has it, without scheme.
    address: str

    @property
    def path(self) -> str:
        return self.new.found.file.path


def parquet_records(
    spark: SparkSession, storage: Storage, table: dict, new: list[tuple[int, New]], at: str, refuse: Refuse
) -> list[DataFrame]:
    """
    The records of files, as the splitter gives those of others; `at` is the type of a record's place. Files of one schema
    are read together, once for nothing: what cannot be read is found before anything is made of it.
    """
    with ThreadPoolExecutor(FOOTERS_AT_A_TIME) as pool:
        footers = list(pool.map(lambda each: _footer(spark, storage, *each), new))
    alike: dict[str, list[File]] = {}
    for (_, each), footer in zip(new, footers):
        if isinstance(footer, RefusedFile):
            refuse(each, footer)
        else:
            alike.setdefault(footer.schema, []).append(footer)
    return [frame for files in alike.values() for frame in _read(spark, storage, table, files, at, refuse)]


def _footer(spark: SparkSession, storage: Storage, number: int, new: New) -> File | RefusedFile:
    path = new.found.file.path
    jvm, conf = spark._jvm, spark._jsc.hadoopConfiguration()
    try:
        file = jvm.org.apache.parquet.hadoop.util.HadoopInputFile.fromPath(jvm.org.apache.hadoop.fs.Path(storage.address(path)), conf)
        reader = jvm.org.apache.parquet.hadoop.ParquetFileReader.open(file)
        try:
            schema = reader.getFileMetaData().getSchema().toString()
            address = re.sub(SCHEME, "", file.getPath().toUri().toString())
            return File(number, new, schema, reader.getRecordCount(), address)
        finally:
            reader.close()
    except FAILURES as error:
        return _corrupt(spark, path, error)


def _read(spark: SparkSession, storage: Storage, table: dict, files: list[File], at: str, refuse: Refuse) -> list[DataFrame]:
    """Where several together cannot be read, each half is read by itself: what is wrong in one refuses no other."""
    try:
        return [_records(spark, storage, table, files, at)]
    except RefusedFile as error:
        half = len(files) // 2
        if half > 0:
            halves = (files[:half], files[half:])
            return [frame for each in halves for frame in _read(spark, storage, table, each, at, refuse)]
        refuse(files[0].new, error)
        return []


def _records(spark: SparkSession, storage: Storage, table: dict, files: list[File], at: str) -> DataFrame:
    """@raises RefusedFile for the first file, where one cannot be taken."""
    path = files[0].path
    try:
        source = spark.read.parquet(*(exactly(storage.address(file.path)) for file in files))
        columns = _columns(source, table, path, at)
        numbers = spark.createDataFrame([(file.number, file.address) for file in files], "_raw_file int, _address string")
        addressed = source.selectExpr(f"regexp_replace(_metadata.file_path, '{SCHEME}', '') as _address", *columns)
        records = addressed.join(F.broadcast(numbers), "_address").drop("_address")
        records.write.format("noop").mode("overwrite").save()
    except FAILURES as error:
        raise _corrupt(spark, path, error) from error
    strangers = ", ".join(name for name in source.columns if name not in {column["path"] for column in table["columns"]})
    ends = [(file.number, (None, "read", str(file.records), strangers)) for file in files]
    return records.unionByName(spark.createDataFrame(ends, f"_raw_file int, _at {at}"), allowMissingColumns=True)


def _corrupt(spark: SparkSession, path: str, error: Exception) -> RefusedFile:
    """@raises the error itself where it says nothing of the file"""
    fault = parquet_fault(spark, error)
    if fault is None:
        raise error
    return RefusedFile("corrupt_parquet", path, fault)


def _columns(source: DataFrame, table: dict, path: str, at: str) -> list[str]:
    found = {field.name: field.dataType.simpleString() for field in source.schema.fields}
    layout = Layout.of(table)
    refuse_missing(layout, path, list(found))
    raw, nul = [], []
    for column in layout.columns:
        kind = found.get(column.path)
        name = quoted([column.path])
        text = ABSENT if kind is None else parquet_text(column, kind)
        if text is None and column.nullable and source.where(f"{name} is not null").isEmpty():
            # Writers give a column without any value a type of their own choice: there is nothing in it to lose.
            text = ABSENT
        if text is None:
            raise RefusedFile(
                "column_type",
                path,
                f"column {column.path} is {kind}; as {column.kind} it could lose something: write it as text or as the contract's type",
            )
        raw.append(f"{text} as `raw_{column.name}`")
        if kind == "string":
            nul.append(f"case when instr({name}, chr(0)) > 0 then {literal(f'{column.name}:nul')} end")
    place = f"cast(named_struct('record', _metadata.row_index + 1, 'code', null, 'detail', null, 'raw', null) as {at}) as _at"
    fault = f"nullif(concat_ws(',', {', '.join(nul)}), '')" if nul else ABSENT
    return [place, f"{fault} as _fault", *raw]
