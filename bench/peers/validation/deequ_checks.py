"""Judges Parquet files by checks of PyDeequ. Arguments: raw folder, the day that it is."""

import json
import re
import sys

from pydeequ.checks import Check, CheckLevel
from pydeequ.verification import VerificationResult, VerificationSuite
from pyspark.sql import SparkSession

raw, day = sys.argv[1], sys.argv[2]
spark = SparkSession.builder.getOrCreate()


def complete(*columns):
    return {f"present({column})": lambda check, column=column: check.isComplete(column) for column in columns}


def fresh(column, days):
    """It knows no greatest time: some row must be younger."""
    condition = f"cast({column} as date) >= date_sub(date '{day}', {days})"
    return {f"fresh({column})": lambda check: check.satisfies(condition, f"fresh {column}", lambda share: share > 0)}


CHECKS = {
    "card_transaction": {
        **complete("transaction_id", "card_id", "customer_id", "merchant_id", "merchant_country", "amount", "timestamp", "kind"),
        "unique(transaction_id)": lambda check: check.isUnique("transaction_id"),
        "rule(merchant_country is 2 capital letters)": lambda check: check.hasPattern("merchant_country", "^[A-Z]{2}$"),
        "rule(kind is one of purchase, refund)": lambda check: check.isContainedIn("kind", ["purchase", "refund"]),
        "at_least(amount)": lambda check: check.isNonNegative("amount"),
        **fresh("timestamp", 2),
    },
    "chargeback": {
        **complete("chargeback_id", "transaction_id", "reported_at"),
        "unique(chargeback_id)": lambda check: check.isUnique("chargeback_id"),
        **fresh("reported_at", 31),
    },
}


def share(row):
    """The share of rows that keep a clause, which the message tells of one that is broken."""
    found = re.match(r"Value: ([0-9.E-]+)", row["constraint_message"])
    return float(found[1]) if found else 1.0


said = {}
for name, checks in CHECKS.items():
    frame = spark.read.parquet(f"{raw}/{name}/dt={day}/part-0.parquet")
    suite = VerificationSuite(spark).onData(frame)
    for clause, add in checks.items():
        suite.addCheck(add(Check(spark, CheckLevel.Error, clause)))
    results = {row["check"]: row for row in VerificationResult.checkResultsAsDataFrame(spark, suite.run()).collect()}
    rows = frame.count()
    for clause, row in results.items():
        # Uniqueness is a share of the rows that have a key at all.
        present = results.get(clause.replace("unique", "present")) if clause.startswith("unique") else None
        judged = rows * share(present) if present else rows
        failed = None if clause.startswith("fresh") else round((1 - share(row)) * judged)
        said[f"base.{name}: {clause}"] = {"broken": row["constraint_status"] != "Success", "failed": failed}
print(json.dumps(said))
spark.sparkContext._gateway.shutdown_callback_server()
spark.stop()
