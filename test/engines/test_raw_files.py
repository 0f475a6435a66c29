"""What becomes of raw files between a listing and the ledger, without Spark: new, known, copies, and those that change meanwhile."""

import os
import tempfile
import unittest
from types import SimpleNamespace
from unittest.mock import MagicMock, patch

from lakehouse.delivery import judge
from lakehouse.discovery import Found, New, inspect_all, packed
from lakehouse.loading import take_records
from lakehouse.parquet_fault import parquet_fault
from lakehouse.records import Layout, raw_file_at
from lakehouse.session import FAILURES
from lakehouse.staging import _split
from lakehouse.storage import Bucket, Entry, Folder, LeftAlone


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


    def test_a_file_that_cannot_be_read_again_is_refused_unless_that_is_because_it_changed(self):
        states = ("read", "unreadable: the disk is old")
        files = [("d/a.csv", "loaded"), ("d/b.csv", "duplicate"), ("d/c.csv", "refused")]
        self.assertEqual(self.load({}, states), (["d/a.csv"], files, ["d/b.csv"], []))
        left = ["d/c.csv changed while it was read; it is left for the next run"]
        self.assertEqual(self.load({"d/c.csv": "2"}, states), (["d/a.csv"], files[:2], ["d/b.csv"], left))

    def test_where_a_reader_of_spark_fails_by_a_file_that_changed_the_others_are_read_again(self):
        failure = FAILURES[0]("no such file")
        stage = MagicMock(side_effect=[failure, MagicMock()])
        taken, files, remembered, notes = self.load({"d/a.csv": "2"}, ("read",), stage)
        self.assertEqual((taken, files, remembered, len(notes)), (["d/c.csv"], [("d/c.csv", "loaded")], [], 2))
        with self.assertRaises(FAILURES):
            self.load({}, stage=MagicMock(side_effect=failure))


class SaidByS3(Exception):
    """An error of S3's client, as it is shaped."""

    def __init__(self, code: str):
        super().__init__(f"An error occurred ({code})")
        self.response = {"Error": {"Code": code}}


class OneFile(unittest.TestCase):
    """A file that goes, is replaced or may not be read costs the run that file alone; a storage that is ill ends it."""

    COLUMN = {"name": "id", "type": {"kind": "text"}, "nullable": False, "path": "id", "lenient": False}
    TABLE = {"name": "base.d", "columns": [COLUMN], "making": {"records": None}}

    def setUp(self):
        self.root = tempfile.mkdtemp()
        os.mkdir(os.path.join(self.root, "d"))
        self.put("id\n1\n")

    def put(self, text: str, path: str = "d/a.csv") -> None:
        with open(os.path.join(self.root, path), "w") as file:
            file.write(text)

    def listed(self) -> Found:
        return Found(raw_file_at("d/a.csv"), Folder(self.root).entry("d/a.csv"))

    def spark(self) -> MagicMock:
        """Does the tasks here; a frame is its rows."""
        rdd = lambda tasks, _: SimpleNamespace(flatMap=lambda work: Rows(row for task in tasks for row in work(task)))
        return MagicMock(sparkContext=SimpleNamespace(parallelize=rdd), createDataFrame=lambda rows, *_, **__: rows)

    def inspected(self, storage, listed: Found) -> tuple:
        layouts = {"d": Layout.of(self.TABLE)}
        return inspect_all(self.spark().sparkContext, storage, [listed], layouts, 1 << 30)["d/a.csv"]

    def test_in_the_first_pass(self):
        listed, storage = self.listed(), Folder(self.root)
        self.assertEqual(self.inspected(storage, listed)[0], "read")
        self.put("id\n1\n2\n")
        self.assertEqual(self.inspected(storage, listed)[0], "growing")
        os.remove(os.path.join(self.root, "d/a.csv"))
        self.assertEqual(self.inspected(storage, listed)[0], "growing")

    def test_while_a_folder_is_listed(self):
        for name in "bc":
            self.put("id\n2\n", f"d/{name}.csv.tmp")
        os.mkdir(os.path.join(self.root, "e"))
        self.put("id\n3\n", "e/z.csv")
        listing = Folder(self.root).entries()
        self.assertEqual(next(listing).path, "d/a.csv")
        for name in "bc":
            os.rename(os.path.join(self.root, f"d/{name}.csv.tmp"), os.path.join(self.root, f"d/{name}.csv"))
        os.rename(os.path.join(self.root, "e"), os.path.join(self.root, "f"))
        gone = "went away while the folder was listed"
        self.assertEqual(list(listing), [LeftAlone(path, gone) for path in ("d/b.csv.tmp", "d/c.csv.tmp", "e")])

    def test_in_a_bucket(self):
        cases = {
            "NoSuchKey": ("growing", "d/a.csv changed while it was read; it is left for the next run"),
            "AccessDenied": ("refused", "unreadable: An error occurred (AccessDenied)"),
            "InvalidObjectState": ("refused", "unreadable: An error occurred (InvalidObjectState)"),
        }
        for code, expected in cases.items():
            head = "404" if code == "NoSuchKey" else "403"
            s3 = MagicMock(**{"get_object.side_effect": SaidByS3(code), "head_object.side_effect": SaidByS3(head)})
            with self.subTest(code), patch("lakehouse.storage._s3", lambda: s3):
                self.assertEqual(self.inspected(Bucket("b", "raw/"), self.listed()), expected)
        for code in ("SlowDown", "ExpiredToken", "NoSuchBucket", "InternalError"):
            s3 = MagicMock(**{"get_object.side_effect": SaidByS3(code)})
            with self.subTest(code), patch("lakehouse.storage._s3", lambda: s3), self.assertRaises(SaidByS3):
                self.inspected(Bucket("b", "raw/"), self.listed())

    def test_in_the_second_pass(self):
        cases = {
            "same": (lambda: None, "read"),
            "longer": (lambda: self.put("id\n1\n2\n"), "changed"),
            "another header": (lambda: self.put("other\n1\n"), "missing_column: required columns are missing: id; found 1 others: is the header missing?"),
            "other separators": (
                lambda: self.put("id;n\n1;2\n"),
                "missing_column: required columns are missing: id; found 1 other with semicolons in it: is the file separated by semicolons? Expected commas",
            ),
            "tabs": (
                lambda: self.put("id\tn\n1\t2\n"),
                "missing_column: required columns are missing: id; found 1 other with tabs in it: is the file separated by tabs? Expected commas",
            ),
            "gone": (lambda: os.remove(os.path.join(self.root, "d/a.csv")), "unreadable: "),
        }
        for what, (change, expected) in cases.items():
            self.put("id\n1\n")
            listed, storage = self.listed(), Folder(self.root)
            seen = self.inspected(storage, listed)
            change()
            with self.subTest(what):
                *_, (_, end, *_) = _split(self.spark(), storage, self.TABLE, [(0, New(listed, *seen[1:]))])
                self.assertTrue(end[1].startswith(expected), end)


class Thrown:
    """A failure of Java: its classes, its own first; who threw it, behind Java's own frames; and what caused it."""

    def __init__(self, classes: str, thrower: str | None, cause: "Thrown | None" = None, code: str | None = None):
        self.classes, self.cause, self.code = classes.split(), cause, code
        self.frames = [] if thrower is None else ["java.util.Objects", "jdk.internal.util.Preconditions", thrower, "org.apache.parquet.Any"]

    def getClass(self):
        return SimpleNamespace(getName=lambda: self.classes[0])

    def getCause(self):
        return self.cause

    def getErrorClass(self):
        return self.code

    def getStackTrace(self):
        return [SimpleNamespace(getClassName=lambda name=name: name) for name in self.frames]

    def toString(self):
        return f"{self.classes[0]}: why\nand where"


class ParquetFaults(unittest.TestCase):
    """A file is refused for what it says; what befalls its reader ends the run."""

    RUNTIME, IO, SPARK = "java.lang.RuntimeException", "java.io.IOException", "org.apache.spark.SparkException"
    PAGE = "org.apache.parquet.io.ParquetDecodingException java.lang.RuntimeException"
    READER = "org.apache.parquet.hadoop.ParquetFileReader"

    def fault(self, thrown: Thrown) -> str | None:
        error = SimpleNamespace(_origin=thrown)
        with patch("lakehouse.parquet_fault.is_instance_of", lambda _, cause, name: name in cause.classes):
            return parquet_fault(MagicMock(), error)

    def test_of_the_file(self):
        analysis = "org.apache.spark.sql.AnalysisException"
        cases = {
            "a footer out of place": Thrown(self.RUNTIME, self.READER),
            "a page that cannot be unpacked": Thrown(self.IO, "org.xerial.snappy.SnappyNative"),
            "a page cut short": Thrown(self.PAGE, self.READER, Thrown("java.io.EOFException", "org.apache.parquet.bytes.BytesInput")),
            "a place before the begin": Thrown("java.io.EOFException", "org.apache.hadoop.fs.FSInputChecker"),
            "a moment out of bounds": Thrown(f"java.lang.ArithmeticException {self.RUNTIME}", "org.apache.spark.sql.catalyst.util.DateTimeUtils"),
            "a length below nothing": Thrown("java.lang.IndexOutOfBoundsException", "org.apache.spark.sql.execution.vectorized.OnHeapColumnVector"),
            "an index out of bounds, once more": Thrown(f"java.lang.ArrayIndexOutOfBoundsException {self.RUNTIME}", None),
            "a codec of somebody": Thrown(self.RUNTIME, self.READER, Thrown("java.lang.ClassNotFoundException", "org.apache.hadoop.conf.Configuration")),
            "two columns of one name": Thrown(analysis, "org.apache.spark.sql.errors.QueryCompilationErrors", code="COLUMN_ALREADY_EXISTS"),
        }
        for what, thrown in cases.items():
            with self.subTest(what):
                told = f"{thrown.classes[0]}: why"
                self.assertEqual(self.fault(thrown), told)
                self.assertEqual(self.fault(Thrown(self.SPARK, "org.apache.spark.scheduler.DAGScheduler", thrown)), told)

    def test_of_the_system(self):
        analysis = "org.apache.spark.sql.AnalysisException"
        cases = {
            "a lost executor": Thrown(self.SPARK, "org.apache.spark.scheduler.DAGScheduler"),
            "a storage that is busy": Thrown(self.PAGE, self.READER, Thrown(f"com.amazonaws.SdkClientException {self.RUNTIME}", "com.amazonaws.http.AmazonHttpClient")),
            "a connection that was cut": Thrown(self.IO, self.READER, Thrown("java.net.SocketException java.io.IOException", "org.apache.http.impl.io.SessionInputBufferImpl")),
            "no memory": Thrown("java.lang.OutOfMemoryError java.lang.Error", "org.apache.parquet.bytes.HeapByteBufferAllocator"),
            "a full disk": Thrown(self.IO, "org.apache.spark.storage.DiskBlockObjectWriter"),
            "a file that went": Thrown("java.io.FileNotFoundException java.io.IOException", "org.apache.hadoop.fs.RawLocalFileSystem"),
            "a path that went": Thrown(analysis, "org.apache.spark.sql.errors.QueryCompilationErrors", code="PATH_NOT_FOUND"),
            "a setting": Thrown(self.RUNTIME, "org.apache.hadoop.conf.Configuration", Thrown("java.lang.ClassNotFoundException", "org.apache.hadoop.conf.Configuration")),
        }
        for what, thrown in cases.items():
            with self.subTest(what):
                self.assertIsNone(self.fault(thrown))
                self.assertIsNone(self.fault(Thrown(self.SPARK, "org.apache.spark.scheduler.DAGScheduler", thrown)))
        self.assertIsNone(self.fault(None))


class Rows(list):
    """Rows of a task that Spark would bring to the driver."""

    def collect(self) -> list:
        return list(self)


if __name__ == "__main__":
    unittest.main()
