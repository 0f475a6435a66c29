"""Tables made by a select: computed from what the run leaves of their inputs, written to the run's branch."""

from pyspark.sql import DataFrame
from pyspark.sql import types as T

from .evolution import spark_type
from .lake import Lake
from .plan import as_of_column, bind, quoted
from .session import FAILURES, KEPT
from .value_fault import value_fault


class ModelError(Exception):
    """A model does not give what its contract promises; nothing was published."""


class UnanswerableError(Exception):
    """A model cannot be computed from the rows that there are; says why its table is held."""


def build(lake: Lake, table: dict, as_ofs: list[str], fresh: bool) -> None:
    """
    Answers for each as-of date. A merged table keeps its answers for other dates, any other is made whole.
    @raises UnanswerableError, ModelError
    """
    name = table["name"]
    try:
        answers = [_answer(lake, table, as_of) for as_of in as_ofs]
        if fresh or table["write"]["kind"] != "merge":
            lake.overwrite(name, answers[0])
            answers = answers[1:]
        else:
            # Asked twice: for what it does away with, and for its rows.
            answers[0].persist(KEPT)
            lake.delete(name, _answered_again(lake, table, answers[0], as_ofs[0]))
        for answer in answers:
            lake.append(name, answer)
    except FAILURES as error:
        where = table["making"]["file"]
        source = "made of events" if where is None else f"sql/{where}"
        fault = value_fault(error)
        if fault is not None:
            raise UnanswerableError(f"{source} fails on a value, its last good version stands: {fault}") from error
        raise ModelError(f"{name} ({source}): {error}") from error


def _answer(lake: Lake, table: dict, as_of: str) -> DataFrame:
    select = bind(table["making"]["select"]["spark"], lake.seen, as_of)
    columns = [column["name"] for column in table["columns"]]
    frame = lake.spark.sql(f"select {quoted(columns)} from (\n{select}\n) as answer")
    casts = []
    for column, field in zip(table["columns"], frame.schema.fields):
        wanted = spark_type(column["type"])
        if not _fits(field.dataType, column["type"]):
            found = field.dataType.simpleString()
            raise ModelError(
                f"{table['name']}: {column['name']} comes out as {found}, the contract says {wanted}: cast it in the select"
            )
        casts.append(f"cast(`{column['name']}` as {wanted}) as `{column['name']}`")
    rows = frame.selectExpr(*casts)
    return rows if table["partition"] else rows.hint("rebalance")


INTEGERS = (T.ByteType, T.ShortType, T.IntegerType, T.LongType)


def _fits(found: T.DataType, kind: dict) -> bool:
    """Whether what was computed can stand in a column of that type without losing a digit."""
    if isinstance(found, T.NullType):
        return True
    match kind["kind"]:
        case "text":
            return isinstance(found, T.StringType)
        case "integer":
            return isinstance(found, INTEGERS)
        case "decimal":
            return isinstance(found, INTEGERS) or (isinstance(found, T.DecimalType) and found.scale <= kind["scale"])
        case "date":
            return isinstance(found, T.DateType)
        case "instant":
            # A moment with a zone is the same moment: the session's zone is UTC.
            return isinstance(found, (T.TimestampNTZType, T.TimestampType))
        case _:
            return isinstance(found, T.BooleanType)


def _answered_again(lake: Lake, table: dict, answer: DataFrame, as_of: str) -> str:
    """Stored rows that a new answer for a date does away with: its keys, and all of that date."""
    view = f"again_{table['name'].replace('.', '_')}"
    answer.createOrReplaceTempView(view)
    same_key = " and ".join(f"n.`{column}` = t.`{column}`" for column in table["grain"])
    column = as_of_column(table)
    of_date = "" if column is None else f" or t.`{column}` = date '{as_of}'"
    return f"exists (select 1 from {view} as n where {same_key}){of_date}"
