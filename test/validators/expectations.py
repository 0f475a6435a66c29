"""Judges tables by their expectation suites. Arguments: folder of suites, folder of Parquet files, today."""

import datetime
import json
import pathlib
import sys
import tempfile

import great_expectations as gx
import pandas
from great_expectations.core import ExpectationSuite
from pyspark.sql import SparkSession

suites, tables, today = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve(), sys.argv[3]
midnight = datetime.datetime.fromisoformat(today)
parameters = {f"days_ago_{days}": midnight - datetime.timedelta(days=days) for days in range(1000)}
context = gx.get_context(mode="ephemeral")
context.variables.progress_bars = {"globally": False}


def folder_of(table):
    return str(tables / table.replace(".", "/"))


def pandas_batch(table):
    frame = pandas.read_parquet(folder_of(table))
    for column in frame.columns:
        if len(frame) and isinstance(frame[column].iloc[0], datetime.date):
            frame[column] = pandas.to_datetime(frame[column])
    asset = context.data_sources.add_pandas(f"pandas {table}").add_dataframe_asset(table)
    return asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})


def spark_batch(table):
    asset = context.data_sources.add_spark(f"spark {table}").add_dataframe_asset(table)
    return asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": spark.table(table)})


def start_spark(names):
    home = tempfile.mkdtemp()
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.sql.warehouse.dir", home).config("spark.sql.shuffle.partitions", "1")
    session = builder.config("spark.driver.extraJavaOptions", f"-Dderby.system.home={home}").getOrCreate()
    for layer in {name.split(".")[0] for name in names}:
        session.sql(f"create database if not exists {layer}")
    for name in names:
        session.sql(f"create table {name} using parquet location '{folder_of(name)}'")
    return session


def judged(batch, name, expectations):
    if not expectations:
        return {}
    suite = ExpectationSuite(name=name, expectations=expectations)
    results = batch.validate(suite, result_format="SUMMARY", expectation_parameters=parameters).results
    return {result.expectation_config.meta["clause"]: outcome(result) for result in results}


def outcome(result):
    raised = [str(each) for each in [result.exception_info] if "True" in str(each)]
    found = result.result.get("unexpected_count", result.result.get("observed_value"))
    return {"success": result.success, "found": str(found), "raised": raised}


documents = {path.name.removesuffix(".json"): json.loads(path.read_text()) for path in suites.glob("*.json")}
spark = start_spark(documents)
verdicts = {}
for table, document in documents.items():
    ExpectationSuite(**document)
    by_sql = [each for each in document["expectations"] if each["type"] == "unexpected_rows_expectation"]
    others = [each for each in document["expectations"] if each["type"] != "unexpected_rows_expectation"]
    verdicts[table] = judged(pandas_batch(table), table, others)
    if by_sql:
        verdicts[table] |= judged(spark_batch(table), f"{table} by SQL", by_sql)
print(json.dumps(verdicts))
