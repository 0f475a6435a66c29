"""Parquet files as records of text: typed values are taken where nothing can be lost, and then judged like text."""

from pyspark.sql import DataFrame, SparkSession

from .discovery import New, Storage
from .records import Layout, RefusedFile, parquet_text, refuse_missing
from .session import FAILURES

ABSENT = "cast(null as string)"


def parquet_records(spark: SparkSession, storage: Storage, table: dict, number: int, new: New, at: str) -> DataFrame:
    """
    The records of one file, as the splitter gives those of others; `number` is the file's, `at` the type of a record's
    place. The file is read once for nothing, so that a page that cannot be read refuses this file and no other.
    @raises RefusedFile
    """
    path = new.found.file.path
    try:
        source = spark.read.parquet(storage.address(path))
        records = source.selectExpr(*_columns(source, table, path, number, at))
        records.write.format("noop").mode("overwrite").save()
    except FAILURES as error:
        raise RefusedFile("corrupt_parquet", path, str(error).split("\n")[0]) from error
    end = f"named_struct('record', null, 'code', 'read', 'detail', '{source.count()}', 'raw', '{_strangers(source, table)}')"
    last = spark.range(1).selectExpr(f"{number} as _raw_file", f"cast({end} as {at}) as _at")
    return records.unionByName(last, allowMissingColumns=True)


def _columns(source: DataFrame, table: dict, path: str, number: int, at: str) -> list[str]:
    found = {field.name: field.dataType.simpleString() for field in source.schema.fields}
    layout = Layout.of(table)
    refuse_missing(layout, path, list(found))
    raw, nul = [], []
    for column in layout.columns:
        kind = found.get(column.path)
        text = ABSENT if kind is None else parquet_text(column, kind)
        if text is None and column.nullable and source.where(f"`{column.path}` is not null").isEmpty():
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
            nul.append(f"case when instr(`{column.path}`, chr(0)) > 0 then '{column.name}:nul' end")
    place = f"cast(named_struct('record', _metadata.row_index + 1, 'code', null, 'detail', null, 'raw', null) as {at}) as _at"
    fault = f"nullif(concat_ws(',', {', '.join(nul)}), '')" if nul else ABSENT
    return [f"{number} as _raw_file", place, f"{fault} as _fault", *raw]


def _strangers(source: DataFrame, table: dict) -> str:
    paths = {column["path"] for column in table["columns"]}
    return ", ".join(name for name in source.columns if name not in paths).replace("\\", "\\\\").replace("'", "\\'")
