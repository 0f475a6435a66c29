"""One dataset: new files are read, their records' fates settled, the rows written to the run's branch of its table."""

import dataclasses

from pyspark.sql import DataFrame, SparkSession

from .delivery import Delivery
from .discovery import New, Storage, is_unchanged
from .fates import Settled, settle
from .lake import Lake
from .session import FAILURES, KEPT
from .staging import stage, summary, view_of, view_taken, view_where

@dataclasses.dataclass
class Loading:
    """What became of a dataset's files; `records` is None where there was nothing new, `settled` until fates are settled."""

    delivery: Delivery
    #: New files whose records were taken, with how many they are.
    taken: list[tuple[New, int]]
    #: View of their records that count.
    records: str | None = None
    counts: dict[str, int] = dataclasses.field(default_factory=dict)
    settled: Settled | None = None
    cached: DataFrame | None = None

    def release(self) -> None:
        if self.settled:
            self.settled.release()
        if self.cached is not None:
            self.cached.unpersist()


def take_records(spark: SparkSession, storage: Storage, table: dict, delivery: Delivery, of_day: str | None = None) -> Loading:
    """Reads the new files of a dataset. With `of_day`, a condition, only some of their records count. Writes nothing."""
    loading = _read_new(spark, storage, table, delivery, of_day)
    delivery.settle_twins([new for new, _ in loading.taken])
    delivery.files.sort(key=lambda each: each["path"])
    return loading


def _read_new(spark: SparkSession, storage: Storage, table: dict, delivery: Delivery, of_day: str | None) -> Loading:
    staged = view_of("staged", table)
    frame, rows = _staged(spark, storage, table, delivery, staged)
    if frame is None:
        return Loading(delivery, [])
    new = delivery.new
    rows = [row for row in rows if _stands(row, new[row._raw_file], storage, delivery)]
    taken = {row._raw_file: row.records for row in rows}
    _note_files(delivery, rows)
    loading = Loading(delivery, [(new[number], records) for number, records in sorted(taken.items())], cached=frame)
    if not taken:
        return loading
    read = sum(taken.values())
    loading.records = view_taken(spark, table, staged, new, set(taken))
    if of_day is not None:
        loading.records, day = view_where(spark, loading.records, of_day)
        rows, read = [day], day.typed + day.broken
    loading.counts = {
        "read": read,
        "good": sum(row.typed - row.faulty for row in rows),
        "quarantined": sum(row.faulty + row.broken for row in rows),
    }
    return loading


def _staged(spark: SparkSession, storage: Storage, table: dict, delivery: Delivery, view: str) -> tuple[DataFrame | None, list]:
    """The records of new files, under the name of a view, and a row for each file; None where no file could be taken."""
    frame = None
    try:
        frame = stage(spark, storage, table, delivery) if delivery.new else None
        if frame is None:
            return None, []
        frame.persist(KEPT)
        frame.createOrReplaceTempView(view)
        return frame, summary(spark, view)
    except FAILURES:
        if frame is not None:
            frame.unpersist()
        # Spark's own readers fail by a file that went or was replaced: the others are read again, without it.
        if not delivery.without_changed(storage):
            raise
        return _staged(spark, storage, table, delivery, view)


def read_records(lake: Lake, storage: Storage, table: dict, delivery: Delivery, stored: str | None) -> Loading:
    """Reads the new files of a dataset and settles the fates of their records. Writes nothing."""
    loading = take_records(lake.spark, storage, table, delivery)
    if loading.records is not None:
        loading.settled = settle(lake.spark, table, loading.counts, loading.records, stored)
    return loading


def _note_files(delivery: Delivery, rows: list) -> None:
    for row in rows:
        new = delivery.new[row._raw_file]
        delivery.add(new.found, "loaded", rows=row.records)
        if row.extra:
            delivery.notes.append(f"{new.found.file.path}: columns that no contract knows were ignored: {row.extra}")


def _stands(row, new: New, storage: Storage, delivery: Delivery) -> bool:
    if row.state == "read" and is_unchanged(storage, new.found):
        return True
    if row.state in ("read", "changed"):
        delivery.leave(new)
    else:
        delivery.refuse(storage, new, row.state)
    return False


def write_rows(lake: Lake, table: dict, settled: Settled, fresh: bool) -> None:
    """Puts a settled load on the run's branch: the table as it would be, for those who build on it and check it."""
    name = table["name"]
    incoming = settled.incoming if table["partition"] else settled.incoming.hint("rebalance")
    if fresh:
        return lake.overwrite(name, incoming)
    if settled.beaten:
        same_key = " and ".join(f"w.`{column}` = t.`{column}`" for column in table["grain"])
        lake.delete(name, f"exists (select 1 from {settled.beaten} as w where {same_key})")
    return lake.append(name, incoming)
