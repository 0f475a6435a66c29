"""The parts of the interpreter that need no Spark: what a file is, what a change leads to, what a check means."""

import contextlib
import unittest
from types import SimpleNamespace
from unittest.mock import MagicMock, patch

from lakehouse.arguments import parse_arguments
from lakehouse.blast_radius import blast_radius
from lakehouse.change import compare, widens
from lakehouse.delivery import judge
from lakehouse.discovery import Found, packed
from lakehouse.lake import Lake, NotSettled
from lakehouse.loading import take_records
from lakehouse.plan import bind, named_tables, with_upstream
from lakehouse.records import raw_file_at
from lakehouse.run import run
from lakehouse.storage import Bucket, Entry, Folder, storage_at
from lakehouse.verdicts import mask, verdict_of

DECIMAL = {"kind": "decimal", "precision": 12, "scale": 2}


def found(path: str, stamp: str = "1", size: int = 10) -> Found:
    return Found(raw_file_at(path), Entry(path, size, stamp, "2026-01-02"))


def known(path: str, sha256: str, status: str = "loaded", stamp: str = "0") -> dict:
    return {"path": path, "sha256": sha256, "status": status, "stamp": stamp}


class Files(unittest.TestCase):
    def verdicts(self, files, rows, seen, keyless=False):
        delivery = judge(files, rows, seen, keyless)
        delivery.settle_twins(delivery.new)
        return [(each["path"], each["status"]) for each in delivery.files], [new.found.file.path for new in delivery.new]

    def test_content_is_identity(self):
        seen = {"d/a.csv": ("read", "x", 1), "d/b.csv": ("read", "x", 1), "d/c.csv": ("read", "y", 1)}
        files = [found(path) for path in seen]
        self.assertEqual(self.verdicts(files, [], seen), ([("d/b.csv", "duplicate")], ["d/a.csv", "d/c.csv"]))
        rows = [known("d/a.csv", "x"), known("d/z.csv", "y")]
        self.assertEqual(
            self.verdicts(files, rows, seen), ([("d/a.csv", "known"), ("d/b.csv", "duplicate"), ("d/c.csv", "duplicate")], [])
        )

    def test_a_known_stamp_is_not_opened(self):
        self.assertEqual(self.verdicts([found("d/a.csv")], [known("d/a.csv", "x", stamp="1")], {}), ([("d/a.csv", "known")], []))

    def test_a_changed_file_is_a_delivery_where_rows_have_a_key_and_refused_where_not(self):
        files, rows, seen = [found("d/a.csv")], [known("d/a.csv", "x")], {"d/a.csv": ("read", "y", 1)}
        self.assertEqual(self.verdicts(files, rows, seen), ([], ["d/a.csv"]))
        self.assertEqual(self.verdicts(files, rows, seen, keyless=True), ([("d/a.csv", "refused")], []))

    def test_a_path_with_rows_stays_one_whatever_it_carried_since_and_in_whatever_order_the_ledger_says_so(self):
        rows = [known("d/a.csv", "x"), known("d/a.csv", "q", "duplicate", "1"), known("d/q.csv", "q")]
        for ledger in (rows, rows[::-1]):
            verdicts = self.verdicts([found("d/a.csv", "2")], ledger, {"d/a.csv": ("read", "z", 1)}, keyless=True)
            self.assertEqual(verdicts, ([("d/a.csv", "refused")], []))

    def test_large_files_have_a_task_each_and_small_ones_share(self):
        sizes = {"d/big.csv": 500, "d/bigger.csv": 900, **{f"d/{n}.csv": 1 for n in range(10)}}
        tasks = packed([found(path, size=size * 1024 * 1024) for path, size in sizes.items()])
        self.assertEqual(sorted(len(task) for task in tasks), [1, 1, 10])
        self.assertEqual(sorted(each.file.path for task in tasks for each in task), sorted(sizes))


TABLE = {"name": "base.d", "grain": ["id"], "columns": []}


class Reading(unittest.TestCase):
    """What becomes of files while their records are read; the records themselves are Spark's affair."""

    FILES = [found("d/a.csv"), found("d/b.csv"), found("d/c.csv")]

    def load(self, now: dict[str, str], states=("read", "read"), stage=None, keyless=False):
        """Loads a file, a copy of it and another; `now` has the stamps that changed since they were listed."""
        storage = SimpleNamespace(entry=lambda path: SimpleNamespace(stamp=now.get(path, "1")))
        seen = {"d/a.csv": ("read", "x", 1), "d/b.csv": ("read", "x", 1), "d/c.csv": ("read", "y", 1)}
        delivery = judge(self.FILES, [], seen, keyless)
        rows = [
            SimpleNamespace(_raw_file=number, state=state, records=1, extra="", typed=1, faulty=0, broken=0)
            for number, state in enumerate(states)
        ]
        with (
            patch("lakehouse.loading.stage", stage or MagicMock()),
            patch("lakehouse.loading.summary", lambda *_: rows),
            patch("lakehouse.loading.view_taken"),
        ):
            loading = take_records(MagicMock(), storage, TABLE, delivery)
        taken = [new.found.file.path for new, _ in loading.taken]
        files = [(each["path"], each["status"]) for each in delivery.files]
        return taken, files, [each[0].file.path for each in delivery.remembered], delivery.notes

    def test_a_copy_of_a_file_that_was_loaded_is_a_duplicate(self):
        files = [("d/a.csv", "loaded"), ("d/b.csv", "duplicate"), ("d/c.csv", "loaded")]
        self.assertEqual(self.load({}), (["d/a.csv", "d/c.csv"], files, ["d/b.csv"], []))
        *_, notes = self.load({}, keyless=True)
        self.assertIn("d/b.csv has the very content of another file", notes[0])

    def test_a_copy_of_a_file_that_changed_is_left_for_the_next_run_and_remembered_by_none(self):
        notes = [
            "d/a.csv changed while it was read; it is left for the next run",
            "d/b.csv is left for the next run: d/a.csv, which had the same content, changed while it was read",
        ]
        for change in ({"now": {"d/a.csv": "2"}}, {"now": {}, "states": ("changed", "read")}):
            with self.subTest(change):
                self.assertEqual(self.load(**change), (["d/c.csv"], [("d/c.csv", "loaded")], [], notes))


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


class FailingLake(Lake):
    """A lake without Spark, whose catalog knows nothing of one table at the moment."""

    def __init__(self, away="mart.b"):
        super().__init__(None, {}, "id")
        self.touched = []
        self.away = away

    def iceberg(self, table):
        if table == self.away:
            raise OSError("the catalog is away")
        self.touched.append(table)
        return MagicMock()

    def has(self, table):
        return True

    def recover(self, *_):
        return []


class Publishing(unittest.TestCase):
    def test_a_run_that_is_noted_keeps_its_branches_whatever_fails_behind_it(self):
        lake = FailingLake()
        lake.written = {"base.a", "mart.b"}
        with self.assertRaisesRegex(NotSettled, "not every table shows it yet: the catalog is away; run again"):
            lake.publish(lambda: None, 1)
        self.assertEqual((lake.touched, lake.written), (["base.a"], set()))


class Runs(unittest.TestCase):
    """A run whose work is to write three tables and then to do something else."""

    def run_then(self, then=lambda: None, note=lambda: None, away="mart.b", tidy=lambda *_: []):
        self.lake = FailingLake(away)
        self.noted = []
        state = SimpleNamespace(lake=self.lake, notes=[], loadings={}, parallel=1, say=lambda _: None)

        def make(_):
            self.lake.written = {"base.a", "mart.b", "ops.file"}
            then()
            return True

        def noting(_lake, _started_at, result):
            self.noted.append(result["status"])
            note()

        stubs = {
            **{"run.Lake": lambda *_: self.lake, "run.begin_state": lambda *_: state, "run._make": make},
            **{"run.create_ledger": MagicMock(), "run.tidy_ledger": tidy, "run.result_of": lambda *_: {"status": "ok"}},
            **{"run.note_run": noting, "publishing.note_run": noting},
        }
        arguments = parse_arguments(["--plan", "p", "--raw", "r", "--as_of", "2026-01-02"])
        with contextlib.ExitStack() as patches:
            for name, stub in stubs.items():
                patches.enter_context(patch(f"lakehouse.{name}", stub))
            return run(None, {"tables": []}, arguments, print)

    def test_a_note_whose_answer_was_lost_leaves_every_branch_to_the_next_run(self):
        with self.assertRaisesRegex(NotSettled, "not known whether the run is done: no answer came; run again, which settles it first"):
            self.run_then(note=failing("no answer came"))
        self.assertEqual((self.noted, self.lake.touched), (["ok"], []))

    def test_a_failure_drops_what_branches_it_can_and_is_noted(self):
        result, notes = self.run_then(failing("a disk is full"))
        self.assertEqual((result["status"], result["error"]), ("failed", "a disk is full"))
        self.assertEqual((self.noted, self.lake.touched), (["failed"], ["base.a", "ops.file"]))
        self.assertEqual(notes, ["the next run drops what this one wrote to mart.b: the catalog is away"])

    def test_a_failure_that_cannot_be_noted_is_told_all_the_same(self):
        result, notes = self.run_then(failing("a disk is full"), failing("no answer came"))
        self.assertEqual((result["error"], notes[-1]), ("a disk is full", "ops.run does not show that this run failed: no answer came"))

    def test_what_fails_behind_the_commit_point_does_not_make_it_a_failed_run(self):
        with self.assertRaisesRegex(OSError, "Spark has gone"):
            self.run_then(away=None, tidy=failing("Spark has gone"))
        self.assertEqual(self.noted, ["ok"])


def failing(why):
    def fail(*_):
        raise OSError(why)

    return fail


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
