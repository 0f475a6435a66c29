"""Payments as a practitioner writes it in pandas: typed reading, one row a key, the mart, all as Parquet."""

import csv
import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa

TEXTS = {
    "purchase": ["id", "timestamp", "customer_id", "merchant_id", "amount"],
    "refund": ["id", "timestamp", "parent_id", "amount"],
    "void": ["id", "timestamp", "parent_id", "amount"],
}
MONEY = pd.ArrowDtype(pa.decimal128(12, 2))


def money(texts: pd.Series, lenient: bool) -> pd.Series:
    return pd.to_numeric(texts, errors="coerce") if lenient else texts.astype(MONEY)


def table(raw: Path, name: str, out: Path, lenient: bool) -> pd.DataFrame:
    options = {"on_bad_lines": "skip", "encoding_errors": "replace", "quoting": csv.QUOTE_NONE} if lenient else {}
    files = sorted((raw / name).glob("*/*.csv"))
    frame = pd.concat((pd.read_csv(file, dtype="string[pyarrow]", **options) for file in files), ignore_index=True)[TEXTS[name]]
    frame["amount"] = money(frame["amount"], lenient)
    errors = "coerce" if lenient else "raise"
    frame["timestamp"] = pd.to_datetime(frame["timestamp"], utc=True, format="ISO8601", errors=errors)
    frame = frame.drop_duplicates("id")
    frame.to_parquet(out / f"{name}.parquet")
    return frame


def main(raw: Path, out: Path, lenient: bool) -> None:
    out.mkdir(parents=True)
    purchase, refund, void = (table(raw, name, out, lenient) for name in TEXTS)
    both = refund.merge(purchase, left_on="parent_id", right_on="id", suffixes=("", "_purchase"))
    month, earlier = (both[name].dt.tz_localize(None).dt.to_period("M") for name in ("timestamp", "timestamp_purchase"))
    counted = both[both["customer_id"].notna() & (month != earlier) & ~both["parent_id"].isin(void["parent_id"])]
    totals = counted.groupby("customer_id", as_index=False).agg(total_refund=("amount", "sum"))
    totals.to_parquet(out / "refunds_by_customer.parquet")


main(Path(sys.argv[1]), Path(sys.argv[2]), "lenient" in sys.argv)
