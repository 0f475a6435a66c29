"""
Judges Parquet files by expectation suites, on pandas or on Spark. Arguments: pandas or spark, folder of suites, raw folder,
the day that it is. Expectations that are SQL of Spark are left out on pandas.
"""

import datetime
import json
import pathlib
import sys

import great_expectations as gx
from great_expectations.core import ExpectationSuite

engine, suites, raw, day = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3], sys.argv[4]
midnight = datetime.datetime.fromisoformat(day)
parameters = {f"days_ago_{days}": midnight - datetime.timedelta(days=days) for days in range(100)}
context = gx.get_context(mode="ephemeral")
context.variables.progress_bars = {"globally": False}


def file_of(name):
    return f"{raw}/{name}/dt={day}/part-0.parquet"


def frames_of(names):
    if engine == "pandas":
        import pandas

        return {name: pandas.read_parquet(file_of(name)) for name in names}
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.getOrCreate()
    spark.sql("create database if not exists base")
    for name in names:
        spark.sql(f"create table if not exists base.{name} using parquet location '{file_of(name)}'")
    return {name: spark.table(f"base.{name}") for name in names}


def judged(name, frame, expectations):
    source = getattr(context.data_sources, f"add_{engine}")(name)
    batch = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
    suite = ExpectationSuite(name=name, expectations=expectations)
    return [(result.expectation_config.meta["clause"], result) for result in batch.validate(suite, expectation_parameters=parameters).results]


def verdict(result):
    if "True" in str(result.exception_info):
        raise RuntimeError(result.exception_info)
    failed = result.result.get("unexpected_count")
    by_sql = result.expectation_config.type == "unexpected_rows_expectation"
    return {"broken": not result.success, "failed": result.result["observed_value"] if by_sql else failed}


documents = {path.name.split(".")[1]: json.loads(path.read_text()) for path in sorted(suites.glob("*.json"))}
said = {}
for name, frame in frames_of(documents).items():
    expectations = [each for each in documents[name]["expectations"] if engine == "spark" or each["type"] != "unexpected_rows_expectation"]
    said |= {f"base.{name}: {clause}": verdict(result) for clause, result in judged(name, frame, expectations)}
print(json.dumps(said))
