"""
One Spark session that does what its standard input says, a line of JSON each: a start takes longer than most of what
tests ask. `{"run": [arguments]}` runs the script as a command line would, and says how many jobs and shuffles it took; with
`"when"` and `"meanwhile"` a query of somebody else's is asked when the script says a line that matches. `{"query": "select ..."}`
gives rows of text.
"""

import json
import re
import sys

import run_plan
from lakehouse.session import open_session


def answer(spark, ask: dict) -> dict:
    if "run" in ask:
        return run(spark, ask["run"], ask.get("when"), ask.get("meanwhile"))
    frame = spark.sql(ask["query"])
    if not frame.columns:
        return {"rows": []}
    texts = [f"cast(`{name}` as string) as `{name}`" for name in frame.columns]
    return {"rows": [row.asDict() for row in frame.selectExpr(*texts).collect()]}


def run(spark, arguments: list[str], when: str | None, meanwhile: str | None) -> dict:
    def say(line: str) -> None:
        run_plan.print_line(line)
        if when is not None and re.search(when, line):
            spark.sql(meanwhile)

    jobs, shuffles = figures(spark)
    exit = run_plan.main(arguments, say)
    jobs_then, shuffles_then = figures(spark)
    return {"exit": exit, "jobs": jobs_then - jobs, "shuffles": shuffles_then - shuffles - 1}


def figures(spark) -> tuple[int, int]:
    """Jobs so far, and the next shuffle's number, which is used up by asking."""
    context = spark.sparkContext._jsc.sc()
    return context.dagScheduler().numTotalJobs(), context.newShuffleId()


def main(warehouse: str) -> None:
    spark = open_session(warehouse)
    for line in sys.stdin:
        try:
            told = answer(spark, json.loads(line))
        except Exception as error:  # told to the test, which fails by it
            told = {"error": str(error)}
        print("\x1e" + json.dumps(told), flush=True)


main(sys.argv[1])
