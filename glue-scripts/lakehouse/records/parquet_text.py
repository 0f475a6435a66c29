"""Typed Parquet values as text in the contract's written form, where nothing can be lost on the way."""

from .layout import Column

_INTEGERS = frozenset({"tinyint", "smallint", "int", "bigint"})


def parquet_text(column: Column, spark_type: str) -> str | None:
    """
    The Spark SQL expression of a column of a Parquet file, whose type Spark names `spark_type`, as text; empty text is null.
    None where the two types do not fit: the file is refused (`column_type`). Moments with a zone want the session in UTC.
    """
    value = f"`{column.path.replace('`', '``')}`"
    if spark_type == "string":
        return f"nullif({value}, '')"
    if column.kind in ("integer", "decimal"):
        if spark_type in _INTEGERS or _scale(spark_type) == 0:
            return f"cast({value} as string)"
        return None if _scale(spark_type) is None else _decimal_text(value)
    if column.kind in ("date", "boolean"):
        return f"cast({value} as string)" if spark_type == column.kind else None
    if column.kind == "instant" and spark_type in ("timestamp", "timestamp_ntz"):
        return f"cast({value} as string)"
    return None


def _scale(spark_type: str) -> int | None:
    return int(spark_type[:-1].split(",")[1]) if spark_type.startswith("decimal(") else None


def _decimal_text(value: str) -> str:
    """
    Digits before and behind the point apart: as a whole, small decimals are printed with an exponent. Trailing zeros of a
    decimal carry no value and are dropped.
    """
    sign = f"if({value} < 0, '-', '')"
    fraction = f"substr(cast(abs({value}) % 1 + 1 as string), 2)"
    return f"concat({sign}, cast(floor(abs({value})) as string), rtrim('.', rtrim('0', {fraction})))"
