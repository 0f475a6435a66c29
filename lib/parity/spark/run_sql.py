"""Runs SQL on Spark for the parity harness: one JSON object a line on stdin, one a line on stdout, in any order.

A request is {"id", "sql"}; the reply {"id", "columns", "rows"}, every value a text or null, or {"id", "error"}.
Ends when stdin does.
"""

import json
import math
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Lock

from lakehouse.session import open_session
from pyspark.sql import types as t

KINDS = [
    (t.StringType, "text"),
    ((t.IntegralType, t.DecimalType), "exact"),
    (t.FractionalType, "double"),
    (t.DateType, "date"),
    ((t.TimestampNTZType, t.TimestampType), "instant"),
    (t.BooleanType, "boolean"),
]

# What Python spells otherwise than the other engines.
NOT_FINITE = {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}


def kind_of(data_type):
    for types, kind in KINDS:
        if isinstance(data_type, types):
            return kind
    return "text"


def cell(value, kind, data_type):
    if value is None:
        return None
    if kind == "instant":
        return value.isoformat(timespec="microseconds")
    if kind == "date":
        return value.isoformat()
    if kind == "boolean":
        return "true" if value else "false"
    if kind == "double" and not math.isfinite(value):
        return NOT_FINITE[str(value)]
    # Every digit of a decimal's scale and no more: small ones come with an exponent that is a multiple of three.
    return format(value, f".{data_type.scale}f") if isinstance(value, Decimal) else str(value)


def answer(spark, sql):
    frame = spark.sql(sql)
    fields = frame.schema.fields
    types = [field.dataType for field in fields]
    kinds = [kind_of(each) for each in types]
    rows = [[cell(*each) for each in zip(row, kinds, types)] for row in frame.collect()]
    columns = [{"name": field.name, "kind": kind} for field, kind in zip(fields, kinds)]
    return {"columns": columns, "rows": rows}


def main():
    spark = open_session(sys.argv[1])
    spark.sparkContext.setLogLevel("OFF")
    writing = Lock()

    def reply(message):
        with writing:
            print(json.dumps(message), flush=True)

    def serve(request):
        try:
            reply({"id": request["id"], **answer(spark, request["sql"])})
        except Exception as error:
            reply({"id": request["id"], "error": str(error)})

    reply({"id": 0, "version": spark.version})
    with ThreadPoolExecutor(max_workers=4) as pool:
        for line in sys.stdin:
            pool.submit(serve, json.loads(line))
    spark.stop()


main()
