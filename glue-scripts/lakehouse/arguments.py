"""What a run is told on its command line. On Glue the service adds arguments of its own, which are none of ours."""

import argparse
import datetime

LAYERS = ("raw", "base", "mart", "feature", "ops")


def parse_arguments(argv: list[str]) -> argparse.Namespace:
    """The arguments of a run or a validation."""
    parser = argparse.ArgumentParser(
        prog="run_plan.py", allow_abbrev=False, description="Runs a plan on Spark with Iceberg."
    )
    parser.add_argument("--plan", required=True, help="dist/plan.json, a path or an s3:// address")
    parser.add_argument("--raw", required=True, help="the raw zone, a folder or an s3:// address")
    parser.add_argument("--mode", choices=("run", "validate"), default="run")
    parser.add_argument("--as_of", type=_day, default=None, help="YYYY-MM-DD; default: today, UTC")
    parser.add_argument("--only", type=_names, default=[], help="products or tables, by comma; default: all")
    parser.add_argument("--rebuild", type=_names, default=[], help="products or tables to make anew from raw")
    parser.add_argument("--databases", type=_databases, default={}, help="layer=database, by comma; default: the layer")
    parser.add_argument("--warehouse", help="folder of the lake; where none is given, the session has its catalog already")
    parser.add_argument("--result", help="where to write the result as JSON, a path or an s3:// address")
    parser.add_argument("--quarantine", help="where refused records are copied to as JSON, a folder or an s3:// address")
    parser.add_argument("--parts_from", type=int, default=256 * 1024 * 1024, help="bytes from which on a plain CSV file is read in parts")
    parser.add_argument("--snapshot_days", type=int, default=7, help="days for which old snapshots of the ledger are kept")
    parser.add_argument("--parallel", type=int, default=4, help="tables that are worked on at a time")
    parser.add_argument(
        "--exit_on",
        choices=("attention", "failure"),
        default="attention",
        help="exit 1 when somebody must act, or only when nothing was published",
    )
    arguments, _of_the_service = parser.parse_known_args(argv)
    arguments.as_of = arguments.as_of or datetime.datetime.now(datetime.UTC).date().isoformat()
    return arguments


def _day(text: str) -> str:
    return datetime.date.fromisoformat(text).isoformat()


def _names(text: str) -> list[str]:
    return [name for name in text.split(",") if name]


def _databases(text: str) -> dict[str, str]:
    databases = dict(pair.split("=", 1) for pair in _names(text))
    strangers = sorted(set(databases) - set(LAYERS))
    if strangers:
        raise argparse.ArgumentTypeError(f"{', '.join(strangers)}: no layer; known: {', '.join(LAYERS)}")
    return databases
