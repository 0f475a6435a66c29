"""Runs the script of the Glue job and prints, as its last line, how many jobs and shuffles it took of Spark."""

import json
import sys

import run_plan
from pyspark import SparkContext


def main() -> int:
    code = run_plan.main(sys.argv[1:])
    context = SparkContext.getOrCreate()._jsc.sc()
    print(json.dumps({"jobs": context.dagScheduler().numTotalJobs(), "shuffles": context.newShuffleId()}))
    return code


sys.exit(main())
