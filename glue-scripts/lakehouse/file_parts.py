"""
A large plain CSV file, read by Spark in parts that need not know of one another. The pass over its bytes proved that each
line is a record with all of its fields and no quotes, and how many there are; a part's place gives its lines their numbers.
"""

import itertools

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from .discovery import New, Storage
from .storage import exactly


def part_records(spark: SparkSession, storage: Storage, table: dict, number: int, new: New, at: str) -> DataFrame:
    """
    Its records as the splitter gives those of others; `number` is the file's, `at` the type of a record's place. A file of
    which Spark sees more or fewer lines than were counted is left for the next run, as one that changed.
    """
    address = exactly(storage.address(new.found.file.path))
    lines = spark.read.option("lineSep", "\n").text(address).selectExpr(
        "value", "_metadata.file_block_start as part", "monotonically_increasing_id() as id"
    )
    parts = sorted(lines.groupBy("part").agg(F.min("id").alias("first"), F.count("*").alias("lines")).collect())
    before = itertools.accumulate((part.lines for part in parts), initial=0)
    places = spark.createDataFrame([(part.part, part.first, lines) for part, lines in zip(parts, before)], "part bigint, first bigint, before bigint")
    # The header is line 0.
    placed = lines.join(F.broadcast(places), "part").selectExpr("split(value, ',', -1) as fields", "id - first + before as line")
    raw = [f"{_field(new.header, column['path'])} as `raw_{column['name']}`" for column in table["columns"]]
    place = f"cast(named_struct('record', line, 'code', null, 'detail', null, 'raw', null) as {at}) as _at"
    records = placed.where("line > 0").selectExpr(f"{number} as _raw_file", place, "cast(null as string) as _fault", *raw)
    seen = sum(part.lines for part in parts) - 1
    state = "read" if seen == new.lines else "changed"
    strangers = ", ".join(name for name in new.header if name not in {column["path"] for column in table["columns"]})
    last = spark.createDataFrame([(number, (None, state, str(seen), strangers))], f"_raw_file int, _at {at}")
    return records.unionByName(last, allowMissingColumns=True)


def _field(header: tuple[str, ...], path: str) -> str:
    return f"nullif(get(fields, {header.index(path)}), '')" if path in header else "cast(null as string)"
