"""
The Iceberg tables of the lake, and how a run publishes them together although Iceberg commits one table at a time.

A run writes each table's new rows to a branch that is named after it; readers of the table see nothing of it. One row in
`ops.run` is the commit point. Then every branch becomes its table's main, a change of metadata alone. A run that finds
branches of another one publishes them where that one is noted as done, and drops them where it is not.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from .session import CATALOG

BRANCH = "run_"


class NotSettled(Exception):
    """A run came to its commit point and not to its end: the next run brings it there."""


class Lake:
    """Tables by their qualified name, as one run sees them."""

    def __init__(self, spark: SparkSession, databases: dict[str, str], run_id: str):
        self.spark = spark
        self.branch = BRANCH + run_id.replace("-", "")
        self.written: set[str] = set()
        self._databases = databases
        self._present = {}

    def name(self, table: str) -> str:
        """The table as everybody sees it."""
        layer, bare = table.split(".", 1)
        return f"{CATALOG}.{self._databases.get(layer, layer)}.`{bare}`"

    def seen(self, table: str) -> str:
        """The table as this run leaves it: its branch where it wrote one."""
        return f"{self.name(table)}.branch_{self.branch}" if table in self.written else self.name(table)

    def has(self, table: str) -> bool:
        layer, bare = table.split(".", 1)
        database = self._databases.get(layer, layer)
        if database not in self._present:
            self.spark.sql(f"create namespace if not exists {CATALOG}.{database}")
            rows = self.spark.sql(f"show tables in {CATALOG}.{database}").collect()
            self._present[database] = {row.tableName for row in rows}
        return bare in self._present[database]

    def create(self, table: str, ddl: str) -> None:
        """Creates a table that is not there yet; it is empty until the run is published."""
        if self.has(table):
            return
        self.spark.sql(ddl)
        layer, bare = table.split(".", 1)
        self._present[self._databases.get(layer, layer)].add(bare)

    def iceberg(self, table: str):
        """The table in Iceberg's own terms."""
        jvm = self.spark._jvm
        return jvm.org.apache.iceberg.spark.Spark3Util.loadIcebergTable(self.spark._jsparkSession, self.name(table))

    def begin(self, table: str) -> None:
        """Opens the run's branch of a table, from what stands."""
        if table not in self.written:
            self.iceberg(table).manageSnapshots().createBranch(self.branch).commit()
            self.written.add(table)

    def append(self, table: str, rows: DataFrame) -> None:
        self._writer(table, rows).append()

    def overwrite(self, table: str, rows: DataFrame) -> None:
        self._writer(table, rows).overwrite(F.lit(True))

    def _writer(self, table: str, rows: DataFrame):
        """Rows are sorted by partition, so that one file is open at a time: a fan of hundreds takes gigabytes."""
        self.begin(table)
        return rows.writeTo(self.seen(table)).option("fanout-enabled", "false")

    def delete(self, table: str, where: str) -> None:
        """Deletes rows; the table's alias in the condition is `t`."""
        self.begin(table)
        self.spark.sql(f"delete from {self.seen(table)} as t where {where}")

    def rows(self, table: str) -> int:
        """How many rows the run leaves, by the statistics of its snapshot."""
        iceberg = self.iceberg(table)
        reference = iceberg.refs().get(self.branch if table in self.written else "main")
        snapshot = None if reference is None else iceberg.snapshot(reference.snapshotId())
        total = None if snapshot is None else snapshot.summary().get("total-records")
        return int(total or 0)

    def abandon(self, table: str) -> None:
        """Forgets what the run wrote to a table."""
        if table in self.written:
            self.iceberg(table).manageSnapshots().removeBranch(self.branch).commit()
            self.written.discard(table)

    def publish(self, note: Callable[[], None], parallel: int) -> None:
        """
        Has the run noted as done, which is its commit point, then makes every branch of it its table's main.
        @raises NotSettled
        """
        tables = sorted(self.written)
        # A note whose answer was lost may stand: from here on `ops.run` alone says whether these branches are to be dropped.
        self.written.clear()
        try:
            note()
        except Exception as error:
            raise NotSettled(f"it is not known whether the run is done: {error}; run again, which settles it first") from error
        try:
            with ThreadPoolExecutor(parallel) as pool:
                list(pool.map(lambda table: publish_branch(self.iceberg(table), self.branch), tables))
        except Exception as error:
            raise NotSettled(
                f"the run is done and noted, but not every table shows it yet: {error}; run again, which completes it first"
            ) from error

    def recover(self, tables: list[str], done: Callable[[], set[str]], parallel: int) -> list[str]:
        """Completes or clears what earlier runs left: `done` is asked for the ids of those that reached their commit point."""
        with ThreadPoolExecutor(parallel) as pool:
            found = pool.map(lambda table: (table, self._branches(table)), [table for table in tables if self.has(table)])
            left = [(table, branches) for table, branches in found if branches]
            published = {BRANCH + run_id.replace("-", "") for run_id in done()} if left else set()
            list(pool.map(lambda each: self._settle(*each, published), left))
        return [f"{table}: an earlier run that was stopped is settled" for table, _ in left]

    def _branches(self, table: str) -> list[str]:
        return [name for name in self.iceberg(table).refs().keySet() if name.startswith(BRANCH)]

    def _settle(self, table: str, branches: list[str], published: set[str]) -> None:
        iceberg = self.iceberg(table)
        for name in branches:
            if name in published:
                publish_branch(iceberg, name)
            else:
                iceberg.manageSnapshots().removeBranch(name).commit()

    def expire(self, tables: list[str], days: int, parallel: int) -> None:
        """Forgets the snapshots of more than so many days ago, and deletes the files that no other has."""
        before = int((time.time() - days * 86400) * 1000)
        with ThreadPoolExecutor(parallel) as pool:
            list(pool.map(lambda table: self.iceberg(table).expireSnapshots().expireOlderThan(before).commit(), tables))


def publish_branch(iceberg, branch: str) -> None:
    """
    Makes a branch the main of its table and drops it, in one commit: to repeat this is safe. Main is set rather than
    forwarded, since compaction may have moved it meanwhile, which changes no row.
    """
    snapshot = iceberg.refs().get(branch).snapshotId()
    iceberg.manageSnapshots().setCurrentSnapshot(snapshot).removeBranch(branch).commit()
