"""Whose fault it is where Spark cannot read a Parquet file: the file's, or that of a system which is ill."""

import re

from py4j.java_gateway import is_instance_of
from pyspark.sql import SparkSession

from .java_causes import java_causes

#: Who has nothing to find fault with but bytes: the readers of Parquet, its footers, pages and codecs, and who converts values.
JUDGES = (
    "org.apache.parquet.",
    "shaded.parquet.",
    "org.apache.spark.sql.execution.datasources.parquet.",
    "org.apache.hadoop.io.compress.",
    "org.xerial.snappy.",
    "com.github.luben.zstd.",
    "net.jpountz.lz4.",
    "io.airlift.compress.",
)
#: What they find by calling others: values out of bounds, lengths that cannot be, places in the file that it has not.
FOUND_BY = {
    "java.lang.RuntimeException": ("org.apache.spark.sql.errors.", "org.apache.spark.sql.catalyst."),
    "java.lang.IndexOutOfBoundsException": ("org.apache.spark.sql.execution.",),
    "java.io.EOFException": ("org.apache.hadoop.fs.",),
}
OF_JAVA = re.compile(r"(java|javax|jdk|sun|com\.sun)\.")


def parquet_fault(spark: SparkSession, error: Exception) -> str | None:
    """
    What is wrong with the file, in the words of who found it. None where the failure is not about what the file says: it
    went, memory or an executor was lost, storage was busy.
    """
    causes = java_causes(error)
    if not causes:
        return None
    gateway = spark.sparkContext._gateway
    kind = lambda cause, name: is_instance_of(gateway, cause, name)
    schema = next((cause for cause in causes if kind(cause, "org.apache.spark.sql.AnalysisException")), None)
    if schema is not None:
        return None if schema.getErrorClass() == "PATH_NOT_FOUND" else _words(schema)
    # A codec that nobody here knows is missed by its class.
    last = causes[-2] if len(causes) > 1 and kind(causes[-1], "java.lang.ClassNotFoundException") else causes[-1]
    if kind(last, "java.lang.Error") or not _is_of_file(last, kind):
        return None
    # Behind what only says that a job or a task failed.
    told = next((cause for cause in causes if cause.getClass().getName() != "org.apache.spark.SparkException"), last)
    return _words(told)


def _is_of_file(cause, kind) -> bool:
    thrower = next((name for name in (frame.getClassName() for frame in cause.getStackTrace()) if not OF_JAVA.match(name)), None)
    if thrower is None:
        # Java leaves the trace out where the same goes wrong again and again, of these alone.
        return kind(cause, "java.lang.RuntimeException")
    found = [packages for name, packages in FOUND_BY.items() if kind(cause, name)]
    return thrower.startswith((*JUDGES, *(package for packages in found for package in packages)))


def _words(cause) -> str:
    return cause.toString().split("\n")[0]
