"""What a run of the interpreter does around its work, without Spark: several tables at a time, the commit point, failures, how the script ends."""

import contextlib
import io
import runpy
import threading
import time
import unittest
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import MagicMock, patch

from lakehouse.arguments import parse_arguments
from lakehouse.computing import guard
from lakehouse.lake import Lake, NotSettled
from lakehouse.run import run
from lakehouse.side_by_side import side_by_side


def failing(why):
    def fail(*_):
        raise OSError(why)

    return fail


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


class GrowingOutcomes(dict):
    """Outcomes to which another table adds its own while somebody walks over them."""

    def items(self):
        for place, item in enumerate(super().items()):
            self["mart.other", str(place)] = {}
            yield item


class SideBySide(unittest.TestCase):
    def test_after_the_first_failure_none_is_begun_any_more(self):
        begun = []

        def work(item):
            begun.append(item)
            if item == 3:
                raise OSError("no more")

        with self.assertRaisesRegex(OSError, "no more"):
            side_by_side(SimpleNamespace(parallel=1), range(9), work)
        self.assertEqual(begun, [0, 1, 2, 3])

    def test_what_failed_first_is_told_whatever_stands_first(self):
        other_failed = threading.Event()

        def work(item):
            if item == "slow":
                other_failed.wait()
                time.sleep(0.1)
            else:
                other_failed.set()
            raise OSError(item)

        with self.assertRaisesRegex(OSError, "quick"):
            side_by_side(SimpleNamespace(parallel=2), ["slow", "quick"], work)

    def test_a_table_is_guarded_by_its_own_checks_while_others_are_measured(self):
        def measuring(state, table, checks):
            for check in checks:
                state.outcomes[table["name"], check["name"]] = {"verdict": verdicts[check["name"]]}

        checks = [{"name": name, "severity": severity} for name, severity in [("unique", "blocking"), ("fresh", "warn")]]
        table = {"name": "mart.b", "checks": checks}
        for verdicts, held in [({"unique": "pass"}, []), ({"unique": "fail"}, ["mart.b"])]:
            outcomes = GrowingOutcomes({("base.a", "unique"): {"severity": "blocking", "verdict": "fail"}})
            state = SimpleNamespace(outcomes=outcomes, held={})
            state.hold = lambda table, why, state=state: state.held.update({table["name"]: why})
            with self.subTest(verdicts), patch("lakehouse.computing.measure", measuring):
                self.assertEqual(guard(state, table), not held)
                self.assertEqual(list(state.held), held)


class Script(unittest.TestCase):
    def ends(self, status):
        failed = {"status": status, "as_of": "2026-01-02", "seconds": 1, "error": "no", "files": [], "checks": []}
        stubs = {"run.run": lambda *_: (failed, []), "plan.read_plan": MagicMock(), "session.open_session": MagicMock(), "storage.read_file": MagicMock()}
        argv = ["run_plan.py", "--plan", "p", "--raw", "r", "--as_of", "2026-01-02"]
        with contextlib.ExitStack() as patches:
            for name, stub in stubs.items():
                patches.enter_context(patch(f"lakehouse.{name}", stub))
            patches.enter_context(patch("sys.argv", argv))
            patches.enter_context(contextlib.redirect_stdout(io.StringIO()))
            runpy.run_path(str(Path(__file__).parents[2] / "glue-scripts" / "run_plan.py"), run_name="__main__")

    def test_an_exit_is_for_failures_alone(self):
        self.ends("nothing_new")
        with self.assertRaises(SystemExit) as ended:
            self.ends("failed")
        self.assertEqual(ended.exception.code, 1)


if __name__ == "__main__":
    unittest.main()
