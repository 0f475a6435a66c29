"""Runs a plan on Spark. The interpreter is not written yet: a run fails here, at once and clearly, and changes nothing."""

import sys

sys.exit(
    "run_plan.py: the interpreter of plans on Spark does not exist yet, so nothing was read or written; "
    "until it does, run the lakehouse with: lakehouse run"
)
