"""Runs a plan on Spark with Iceberg: on AWS Glue, or on this machine with --warehouse. See lakehouse/arguments.py."""

import json
import sys

from lakehouse.arguments import parse_arguments
from lakehouse.plan import read_plan
from lakehouse.result import last_line, needs_attention
from lakehouse.run import run
from lakehouse.session import open_session
from lakehouse.storage import read_file, storage_at, write_file
from lakehouse.validate import validate
from lakehouse.verdicts import is_broken


def print_line(line: str) -> None:
    print(line, flush=True)


def main(argv: list[str], say=print_line) -> int:
    """Exits 1 when nothing was published or, unless told otherwise, when somebody must act. `say` is told what happens."""
    arguments = parse_arguments(argv)
    plan = read_plan(read_file(arguments.plan))
    spark = open_session(arguments.warehouse)
    if arguments.mode == "validate":
        return _validate(spark, plan, arguments, say)
    result, notes = run(spark, plan, arguments, say)
    for note in notes:
        say(f"note: {note}")
    if arguments.result:
        write_file(arguments.result, json.dumps(result, indent=2).encode())
    say(last_line(result))
    failed = result["status"] == "failed"
    return 1 if failed or (arguments.exit_on == "attention" and needs_attention(result)) else 0


def _validate(spark, plan: dict, arguments, say) -> int:
    findings = validate(spark, plan, arguments, storage_at(arguments.raw))
    if arguments.result:
        write_file(arguments.result, json.dumps(findings, indent=2).encode())
    broken = [f"{check['table']} {check['check']}" for check in findings["checks"] if is_broken(check)]
    say(f"{findings['status']} for {findings['date']}: {len(findings['tables'])} tables; broken: {', '.join(broken) or 'nothing'}")
    return 1 if findings["status"] == "fail" and arguments.exit_on == "attention" else 0


if __name__ == "__main__":
    code = main(sys.argv[1:])
    # A service that runs this script may take any exit for a failure, one without a fault included.
    if code != 0:
        sys.exit(code)
