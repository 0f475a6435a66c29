"""
One Spark session that does what its standard input says, a line of JSON each: a start takes longer than most of what
tests ask. `{"run": [arguments]}` runs the script as a command line would; `{"query": "select ..."}` gives rows of text.
"""

import json
import sys

import run_plan
from lakehouse.session import open_session


def answer(spark, ask: dict) -> dict:
    if "run" in ask:
        return {"exit": run_plan.main(ask["run"])}
    frame = spark.sql(ask["query"])
    if not frame.columns:
        return {"rows": []}
    texts = [f"cast(`{name}` as string) as `{name}`" for name in frame.columns]
    return {"rows": [row.asDict() for row in frame.selectExpr(*texts).collect()]}


def main(warehouse: str) -> None:
    spark = open_session(warehouse)
    for line in sys.stdin:
        try:
            told = answer(spark, json.loads(line))
        except Exception as error:  # told to the test, which fails by it
            told = {"error": str(error)}
        print("\x1e" + json.dumps(told), flush=True)


main(sys.argv[1])
