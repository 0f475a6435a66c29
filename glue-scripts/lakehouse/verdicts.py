"""What a measured check means, and how rows at fault may be shown."""

import datetime
import decimal


def verdict_of(check: dict, failed: int, total: int) -> str:
    """`pass`, or `warn` or `fail` by the check's severity."""
    tolerate = check["tolerate"]
    tolerated = failed == 0 or (failed <= tolerate["rows"] if "rows" in tolerate else failed / total <= tolerate["share"])
    if tolerated:
        return "pass"
    return "warn" if check["severity"] == "warn" else "fail"


def judge(table: dict, check: dict, measured: tuple[int, int] | None) -> dict:
    """The outcome of a check; None where it was not measured."""
    failed, total = measured or (0, 0)
    return {
        "table": table["name"],
        "check": check["name"],
        "says": check["says"],
        "severity": check["severity"],
        "verdict": "skipped" if measured is None else verdict_of(check, failed, total),
        "failed": failed,
        "total": total,
        "offenders": [],
        "reaches": [],
    }


def is_broken(outcome: dict) -> bool:
    return outcome["verdict"] in ("warn", "fail")


def mask(column: dict, value: str | None) -> str | None:
    """Personal data keeps its first character where that gives nobody away; direct identifiers keep nothing."""
    if not value or column["pii"] == "none":
        return value
    return f"{value[0]}***" if column["pii"] == "indirect" and len(value) > 1 else "***"


def offender(columns: list[dict], row: dict) -> dict:
    """A row at fault made presentable: provenance apart, personal data masked."""
    values = {column["name"]: mask(column, text(row.get(column["name"]))) for column in columns}
    return {"file": text(row.get("_raw_file")), "record": row.get("_record"), "values": values}


def text(value: object) -> str | None:
    """A value as the laptop's engine gives it: a time is ISO 8601 without idle zeros, a decimal has no exponent."""
    match value:
        case None:
            return None
        case bool():
            return str(value).lower()
        case datetime.datetime():
            return value.isoformat().rstrip("0") if value.microsecond else value.isoformat()
        case decimal.Decimal():
            return format(value, "f")
    return str(value)
