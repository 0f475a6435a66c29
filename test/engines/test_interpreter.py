"""The parts of the interpreter that need no Spark: what a change leads to, what a check means."""

import datetime
import decimal
import unittest

from lakehouse.arguments import parse_arguments
from lakehouse.blast_radius import blast_radius
from lakehouse.change import compare, widens
from lakehouse.plan import bind, named_tables, with_upstream
from lakehouse.storage import Bucket, Folder, storage_at
from lakehouse.verdicts import mask, text, verdict_of

DECIMAL = {"kind": "decimal", "precision": 12, "scale": 2}


class Changes(unittest.TestCase):
    def definition(self, columns, **more):
        made = [{"name": name, "type": kind, "nullable": nullable} for name, kind, nullable in columns]
        return {"columns": made, "grain": ["id"], "write": "append", "source": "sale", "making": "a", **more}

    def test_differences_and_whether_a_rebuild_answers_them(self):
        was = self.definition([("id", {"kind": "text"}, False), ("amount", DECIMAL, False)])
        cases = {
            "rules": (self.definition([("id", {"kind": "text"}, False), ("amount", DECIMAL, False)], making="b"), [("its rules changed", True)]),
            "removed": (self.definition([("id", {"kind": "text"}, False)]), [("column amount removed", False)]),
            "key": ({**was, "grain": ["amount"]}, [("key changed from (id) to (amount)", False)]),
            "optional": (self.definition([("id", {"kind": "text"}, False), ("amount", DECIMAL, True)]), [("amount made optional", True)]),
        }
        self.assertEqual(compare(was, was), [])
        for what, (now, expected) in cases.items():
            with self.subTest(what):
                self.assertEqual(compare(was, now), expected)

    def test_iceberg_widens_a_decimal_before_the_point_only(self):
        self.assertTrue(widens(DECIMAL, {**DECIMAL, "precision": 14}))
        self.assertFalse(widens(DECIMAL, {**DECIMAL, "precision": 14, "scale": 3}))
        self.assertFalse(widens({"kind": "integer"}, {"kind": "decimal", "precision": 20, "scale": 0}))


class Verdicts(unittest.TestCase):
    def test_severity_and_tolerance_decide(self):
        check = {"severity": "warn", "tolerate": {"rows": 2}}
        self.assertEqual([verdict_of(check, failed, 10) for failed in (0, 2, 3)], ["pass", "pass", "warn"])
        share = {"severity": "blocking", "tolerate": {"share": 0.29}}
        self.assertEqual([verdict_of(share, failed, 100) for failed in (29, 30)], ["pass", "fail"])

    def test_personal_data_is_masked_by_class(self):
        shown = [mask({"pii": pii}, "Ann") for pii in ("none", "indirect", "direct")]
        self.assertEqual(shown, ["Ann", "A***", "***"])
        self.assertEqual(mask({"pii": "indirect"}, "A"), "***")

    def test_values_at_fault_are_written_as_the_laptop_writes_them(self):
        noon = datetime.datetime(2026, 6, 30, 12)
        cases = [
            (noon, "2026-06-30T12:00:00"),
            (noon.replace(microsecond=120), "2026-06-30T12:00:00.00012"),
            (noon.replace(microsecond=500000), "2026-06-30T12:00:00.5"),
            (noon.date(), "2026-06-30"),
            (decimal.Decimal("0E-10"), "0.0000000000"),
            (decimal.Decimal("-1.50"), "-1.50"),
            (True, "true"),
            (7, "7"),
            (None, None),
        ]
        self.assertEqual([text(value) for value, _ in cases], [written for _, written in cases])

    def test_the_blast_radius_counts_paths_and_names_the_longest(self):
        reads = {"base.a": [], "mart.b": ["base.a"], "mart.c": ["base.a", "mart.b"]}
        plan = {
            "tables": [{"name": name, "reads": tables} for name, tables in reads.items()],
            "exposures": [{"kind": "dashboard", "name": "d", "reads": ["mart.c"]}],
        }
        reached = {each["name"]: (each["paths"], each["via"]) for each in blast_radius(plan, "base.a")}
        self.assertEqual(list(reached), ["dashboard.d", "mart.b", "mart.c"])
        self.assertEqual(reached["dashboard.d"], ("2", ["base.a", "mart.b", "mart.c", "dashboard.d"]))


class Plans(unittest.TestCase):
    PLAN = {
        "products": [{"name": "shop"}],
        "tables": [{"name": "base.a", "product": "shop", "reads": []}, {"name": "mart.b", "product": "other", "reads": ["base.a"]}],
    }

    def test_markers_are_filled(self):
        self.assertEqual(bind("select {{as_of}} from {{base.a}}", str.upper, "2026-01-02"), "select date '2026-01-02' from BASE.A")

    def test_names_stand_for_tables_and_bring_what_they_need(self):
        self.assertEqual(named_tables(self.PLAN, ["shop"]), ["base.a"])
        self.assertEqual([table["name"] for table in with_upstream(self.PLAN, ["mart.b"])], ["base.a", "mart.b"])
        with self.assertRaisesRegex(Exception, "no product or table x; products: shop"):
            named_tables(self.PLAN, ["x"])

    def test_arguments_of_the_service_are_none_of_ours(self):
        given = ["--plan", "p", "--raw", "s3://b/raw", "--JOB_NAME", "x", "--databases", "base=lake_base,ops=lake_ops"]
        arguments = parse_arguments(given)
        self.assertEqual((arguments.raw, arguments.databases["ops"]), ("s3://b/raw", "lake_ops"))

    def test_addresses(self):
        self.assertEqual(storage_at("s3://b/raw"), Bucket("b", "raw/"))
        self.assertEqual(storage_at("s3://b/raw/").address("d/a.csv"), "s3://b/raw/d/a.csv")
        self.assertEqual(storage_at("raw"), Folder("raw"))


if __name__ == "__main__":
    unittest.main()
