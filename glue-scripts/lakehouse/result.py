"""What a run says of itself: the same shape as `lakehouse run --format json` prints."""

import re

from .state import State
from .verdicts import judge

CHECK_FIELDS = ("table", "check", "severity", "verdict", "failed", "total")


def result_of(state: State, seconds: float) -> dict:
    """The result of a run that did not fail."""
    checks = []
    for table in state.tables:
        for check in table["checks"]:
            key = (table["name"], check["name"])
            outcome = state.outcomes.get(key) or state.standing.get(key) or judge(table, check, None)
            checks.append({name: outcome[name] for name in CHECK_FIELDS})
    result = {
        "run_id": state.run_id,
        "as_of": state.as_of,
        "status": "ok" if state.changed or state.outcomes else "nothing_new",
        "seconds": round(seconds, 3),
        "tables": [state.result_of(table) for table in state.tables],
        "checks": checks,
        "files": sorted(state.files, key=lambda file: file["path"]),
        "critical_path": critical_path(state),
    }
    held = [{"table": table, "because": because} for table, because in state.held.items()]
    return {**result, "held": held} if held else result


def failure_of(run_id: str, as_of: str, seconds: float, error: Exception) -> dict:
    """The result of a run that published nothing."""
    nothing = {"tables": [], "checks": [], "files": [], "critical_path": []}
    return {"run_id": run_id, "as_of": as_of, "status": "failed", "seconds": round(seconds, 3), **nothing, "error": says(error)}


def says(error: Exception) -> str:
    """What an error says, without Spark's own traces: those are in its log."""
    return re.split(r"\n\s*at [a-z]|\n\nJVM stacktrace", str(error))[0].strip()


def critical_path(state: State) -> list[str]:
    """The tables that the run waited for, in order."""
    best: dict[str, tuple[float, list[str]]] = {}
    for table in state.tables:
        before = max((best[read] for read in table["reads"] if read in best), default=(0.0, []))
        best[table["name"]] = (before[0] + state.result_of(table)["seconds"], [*before[1], table["name"]])
    return max(best.values(), default=(0.0, []))[1]


def needs_attention(result: dict) -> bool:
    """Whether somebody must act."""
    return (
        result["status"] == "failed"
        or "held" in result
        or any(file["status"] == "refused" for file in result["files"])
        or any(check["verdict"] == "fail" for check in result["checks"])
    )


def last_line(result: dict) -> str:
    """A run in one line."""
    if result["status"] == "failed":
        return f"failed after {result['seconds']} s, nothing was published: {result['error']}"
    if result["status"] == "nothing_new":
        return f"nothing new as of {result['as_of']}, {result['seconds']} s"
    total = lambda name: sum(table[name] for table in result["tables"])
    verdicts = [check["verdict"] for check in result["checks"]]
    return (
        f"ok as of {result['as_of']}: {total('read')} records read, {total('accepted')} accepted, {total('duplicate')} duplicate, "
        f"{total('superseded')} superseded, {total('quarantined')} quarantined; {len(result['tables'])} tables; "
        f"{verdicts.count('pass')} checks passed, {verdicts.count('warn')} warned, {verdicts.count('fail')} failed; "
        f"{len(result.get('held', []))} tables held; {result['seconds']} s"
    )
