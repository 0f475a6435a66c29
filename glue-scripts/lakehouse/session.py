"""The Spark session. A local run brings its own catalog; on Glue the job's settings name it."""

import os

from py4j.protocol import Py4JJavaError
from pyspark import StorageLevel
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

#: What Spark raises: statements that it refuses, and jobs that fail.
FAILURES = (PySparkException, Py4JJavaError)

#: How frames that are read more than once are kept. Not in memory: with blocks that went to and fro between heap and disk,
#: 50 million records were too many for 4 GB and two cores.
KEPT = StorageLevel.DISK_ONLY

CATALOG = "lake"

# What every run needs to give the answers that the other engines give.
MEANING = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.jsonGenerator.ignoreNullFields": "false",
    "spark.sql.sources.partitionOverwriteMode": "static",
    # Days before 1582 in Parquet files are what their numbers say: the engines that write them have one calendar.
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInRead": "CORRECTED",
}


def open_session(warehouse: str | None) -> SparkSession:
    """The session of a run; `warehouse` is the folder of a local lake."""
    builder = SparkSession.builder.appName("lakehouse")
    if warehouse is not None:
        for name, value in _local_catalog(os.path.abspath(warehouse)).items():
            builder = builder.config(name, value)
    session = builder.getOrCreate()
    for name, value in MEANING.items():
        session.conf.set(name, value)
    session.sparkContext.setLogLevel("ERROR")
    return session


def _local_catalog(warehouse: str) -> dict[str, str]:
    return {
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
        f"spark.sql.catalog.{CATALOG}": "org.apache.iceberg.spark.SparkCatalog",
        f"spark.sql.catalog.{CATALOG}.type": "hadoop",
        f"spark.sql.catalog.{CATALOG}.warehouse": warehouse,
        # A session that outlives a run must see what another process did to a table since: the branches of one that was killed.
        f"spark.sql.catalog.{CATALOG}.cache-enabled": "false",
    }
