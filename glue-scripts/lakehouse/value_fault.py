"""Whether a statement failed because of a value that it met, or because of something that is ill."""

import re

from .java_causes import java_causes

#: What Spark throws when a value has no answer: overflows, divisions by zero, texts that are no number or no time.
OF_VALUES = {f"org.apache.spark.Spark{kind}Exception" for kind in ("Arithmetic", "DateTime", "NumberFormat")}
#: How it says that a null has come where a column takes none.
NULL_FIELD = "Null value appeared in non-nullable field"


def value_fault(error: Exception) -> str | None:
    """What Spark says of the value, without texts, which may be somebody's name; None where it is not about one."""
    for cause in java_causes(error):
        kind, message = cause.getClass().getName(), cause.getMessage() or ""
        if kind in OF_VALUES or _is_of_rows(kind, cause):
            return re.sub(r"'[^']*'", "'…'", re.split(r"\n|\. ", message, maxsplit=1)[0])
        if kind == "java.lang.NullPointerException" and message.startswith(NULL_FIELD):
            return " ".join(message.split("\n")[:2])
    return None


def _is_of_rows(kind: str, cause) -> bool:
    """Several rows came where one may stand."""
    return kind.startswith("org.apache.spark.Spark") and cause.getErrorClass() == "SCALAR_SUBQUERY_TOO_MANY_ROWS"
