"""
Which records become rows: every record has one fate. Only contested keys (several claims in this load, or one here and
one stored) are ranked, by the plan's SQL; a clean load pays for one grouping of its keys.
"""

import dataclasses

from pyspark.sql import DataFrame, SparkSession

from .plan import quoted
from .session import KEPT
from .staging import record_rows, view_of


class LawBroken(Exception):
    """Records were lost or invented. Nothing is published."""


@dataclasses.dataclass
class Settled:
    """A load whose fates are settled. Views and frames live until `release`."""

    fates: dict[str, int]
    #: Rows to add.
    incoming: DataFrame
    #: View of the keys of stored rows that a newcomer beats; None where there are none.
    beaten: str | None
    #: View of the ranked claims on contested keys; None where no key is contested.
    ranked: str | None
    replaced: int
    cached: list[DataFrame]

    def release(self) -> None:
        for frame in self.cached:
            frame.unpersist()


def settle(spark: SparkSession, table: dict, counts: dict[str, int], records: str, stored: str | None) -> Settled:
    """
    Settles the records of a load, a view, against the stored table. `counts` has `read`, `good` and `quarantined`.
    @raises LawBroken
    """
    good = record_rows(table, records, "_faults is null")
    if table["making"]["claims"] is None:
        return _lawful(table, Settled(_fates(counts), spark.sql(good), None, None, 0, []))
    key = quoted(table["grain"])
    keys = f"select {key} from ({good}) as g" + (f" union all select {key} from {stored}" if stored else "")
    contested = spark.sql(f"select {key} from ({keys}) as k group by {key} having count(*) > 1")
    contested.persist(KEPT)
    contested.createOrReplaceTempView(view_of("contested", table))
    if contested.isEmpty():
        return _lawful(table, Settled(_fates(counts), spark.sql(good), None, None, 0, [contested]))
    return _ranked(spark, table, counts, good, stored, contested)


def _ranked(spark: SparkSession, table: dict, counts: dict, good: str, stored: str | None, contested: DataFrame) -> Settled:
    settling = table["making"]["claims"]["spark"]
    rivals, ranked = view_of("contested", table), view_of("ranked", table)
    columns = quoted([column["name"] for column in table["columns"]])
    same_key = " and ".join(f"c.`{column}` = a.`{column}`" for column in table["grain"])
    claims = f"(select {columns}, _raw_file, _record, _known_from, false as _stored from ({good}) as a left semi join {rivals} as c on {same_key}"
    if stored:
        claims += f" union all select {columns}, _raw_file, _record, _known_from, true as _stored from {stored} as a left semi join {rivals} as c on {same_key}"
    claimed = spark.sql(settling["rank"].replace("{{claims}}", claims + ")"))
    claimed.persist(KEPT)
    claimed.createOrReplaceTempView(ranked)
    tally = spark.sql(settling["tally"].replace("{{ranked}}", ranked)).first()
    uncontested = f"select * from ({good}) as a left anti join {rivals} as c on {same_key}"
    won = f"select {columns}, _raw_file, _record, _known_from from {ranked} where _place = 1 and not _stored"
    fates = {
        **_fates(counts),
        "accepted": counts["good"] - tally.claims + tally.won,
        "duplicate": tally.duplicate,
        "superseded": tally.superseded,
    }
    beaten = view_of("beaten", table) if tally.replaced > 0 else None
    if beaten:
        spark.sql(f"select {quoted(table['grain'])} from {ranked} where _stored and _place > 1").createOrReplaceTempView(beaten)
    incoming = spark.sql(f"{uncontested} union all {won}")
    return _lawful(table, Settled(fates, incoming, beaten, ranked, tally.replaced, [contested, claimed]))


def _fates(counts: dict[str, int]) -> dict[str, int]:
    return {
        "read": counts["read"],
        "accepted": counts["good"],
        "duplicate": 0,
        "superseded": 0,
        "quarantined": counts["quarantined"],
    }


NO_FATES = {"read": 0, "accepted": 0, "duplicate": 0, "superseded": 0, "quarantined": 0}


def _lawful(table: dict, settled: Settled) -> Settled:
    fates = settled.fates
    parts = {name: count for name, count in fates.items() if name != "read"}
    if fates["read"] != sum(parts.values()):
        listed = " + ".join(f"{count} {name}" for name, count in parts.items())
        raise LawBroken(
            f"{table['name']}: {fates['read']} records were read, but {listed} do not add up to it; "
            "nothing was published: please report this"
        )
    return settled
