"""What is about a value, and so holds its table alone."""

import unittest
from types import SimpleNamespace

from lakehouse.value_fault import value_fault


def thrown(kind, error_class=None, message="", cause=None):
    """An exception of Java as Python sees it."""
    facts = {"getErrorClass": lambda: error_class, "getMessage": lambda: message, "getCause": lambda: cause}
    return SimpleNamespace(getClass=lambda: SimpleNamespace(getName=lambda: kind if "." in kind else f"org.apache.spark.{kind}"), **facts)


class ValueFaults(unittest.TestCase):
    """A table is held for a value that has no answer; what befalls Spark fails the run."""

    def fault_of(self, cause):
        error = Exception("the job failed")
        error._origin = thrown("SparkException", None, "Writing job aborted", thrown("SparkException", None, "Job aborted", cause))
        return value_fault(error)

    def test_what_is_about_a_value_is_said_without_texts(self):
        cases = {
            "[ARITHMETIC_OVERFLOW] long overflow": thrown(
                "SparkArithmeticException", "ARITHMETIC_OVERFLOW", "[ARITHMETIC_OVERFLOW] long overflow. Use 'try_add' ..."
            ),
            "[CAST_INVALID_INPUT] The value '…' of the type cannot be cast": thrown(
                "SparkNumberFormatException", "CAST_INVALID_INPUT", "[CAST_INVALID_INPUT] The value 'Ann' of the type cannot be cast\n== SQL =="
            ),
            "Null value appeared in non-nullable field: a": thrown(
                "java.lang.NullPointerException", None, "Null value appeared in non-nullable field:\na\nIf the schema ..."
            ),
            "several rows": thrown("SparkException", "SCALAR_SUBQUERY_TOO_MANY_ROWS", "several rows"),
        }
        for says, cause in cases.items():
            with self.subTest(says):
                self.assertEqual(self.fault_of(cause), says)

    def test_what_is_about_spark_is_no_fault_of_a_value(self):
        for cause in (
            thrown("SparkException", None, "ExecutorLostFailure (executor 1 exited)"),
            thrown("SparkRuntimeException", "UNSUPPORTED_CALL", "no"),
            thrown("org.apache.spark.shuffle.FetchFailedException", None, "Connection reset"),
            thrown("java.lang.NullPointerException", None, None),
            None,
        ):
            self.assertIsNone(self.fault_of(cause))
        self.assertIsNone(value_fault(OSError("a disk is full")))


if __name__ == "__main__":
    unittest.main()
