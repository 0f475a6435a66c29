"""Orders as a practitioner writes it in pandas: typed reading, one row a key, the three marts, all as Parquet."""

import csv
import sys
from pathlib import Path

import pandas as pd

I, T = "Int64", "string[pyarrow]"
TYPES = {
    "orders": {"order_id": I, "customer_id": I, "order_date": T, "product_id": I, "unit_price": "float64", "quantity": I, "total_price": "float64"},
    "reviews": {"review": I, "product_id": I},
    "shipment_deliveries": {"shipment_id": I, "order_id": I, "shipment_date": T, "delivery_date": T},
    "dim_products": {"product_id": I, "product_category": T, "product_name": T},
    "dim_customers": {"customer_id": I, "customer_name": T, "postal_code": T},
    "dim_dates": {
        "calendar_dt": T,
        "year_num": I,
        "month_of_the_year_num": I,
        "day_of_the_month_num": I,
        "day_of_the_week_num": I,
        "working_day": "boolean",
    },
}
KEYS = {name: list(columns)[0] for name, columns in TYPES.items() if name != "reviews"}
DATES = ["order_date", "shipment_date", "delivery_date", "calendar_dt"]


def one(path: Path, types: dict[str, str], lenient: bool) -> pd.DataFrame:
    if not lenient:
        return pd.read_csv(path, dtype=types)
    frame = pd.read_csv(path, dtype=T, on_bad_lines="skip", encoding_errors="replace", quoting=csv.QUOTE_NONE)[list(types)]
    for column, kind in types.items():
        if kind in (I, "float64"):
            numbers = pd.to_numeric(frame[column], errors="coerce")
            frame[column] = numbers.where(numbers % 1 == 0).astype(I) if kind == I else numbers
        elif kind == "boolean":
            frame[column] = frame[column].map({"true": True, "false": False}).astype(kind)
    return frame


def table(raw: Path, name: str, out: Path, lenient: bool) -> pd.DataFrame:
    frame = pd.concat((one(path, TYPES[name], lenient) for path in sorted((raw / name).glob("*/*.csv"))), ignore_index=True)
    for column in set(DATES) & set(frame.columns):
        frame[column] = pd.to_datetime(frame[column], format="ISO8601", errors="coerce" if lenient else "raise")
    if name == "shipment_deliveries":
        # Delivered anew as its dates become known: the fuller row counts.
        frame = frame.sort_values(list(TYPES[name]), na_position="last")
    if name in KEYS:
        frame = frame.drop_duplicates(KEYS[name])
    frame.to_parquet(out / f"{name}.parquet")
    return frame


def percent(part: int, whole: int) -> float:
    return round(100 * part / whole + 1e-9, 2)


def main(raw: Path, out: Path, as_of: pd.Timestamp, lenient: bool) -> None:
    out.mkdir(parents=True)
    orders, reviews, shipments, products, _, dates = (table(raw, name, out, lenient) for name in TYPES)
    off_days = dates.loc[dates["day_of_the_week_num"].between(1, 5) & ~dates["working_day"], "calendar_dt"]
    day = orders["order_date"]
    placed = day[day.isin(off_days) & (day > as_of - pd.DateOffset(years=1)) & (day <= as_of)].dt.month.value_counts()
    months = "jan feb mar apr may jun jul aug sep oct nov dec".split()
    holidays = {f"tt_order_hol_{month}": [int(placed.get(n, 0))] for n, month in enumerate(months, 1)}
    pd.DataFrame(holidays).to_parquet(out / "agg_public_holiday.parquet")

    sent = shipments.merge(orders[["order_id", "order_date", "product_id"]], on="order_id")
    due = sent["order_date"] + pd.Timedelta(days=6)
    late = (sent["shipment_date"] >= due) & sent["delivery_date"].isna()
    early = (sent["shipment_date"] < due) & sent["delivery_date"].notna()
    nowhere = sent["shipment_date"].isna() & sent["delivery_date"].isna()
    undelivered = nowhere & (as_of >= sent["order_date"] + pd.Timedelta(days=15))
    counts = {"tt_late_shipments": [int(late.sum())], "tt_undelivered_items": [int(undelivered.sum())]}
    pd.DataFrame(counts).to_parquet(out / "agg_shipments.parquet")

    points = reviews.groupby("product_id")["review"].sum().reset_index()
    best = points.sort_values(["review", "product_id"], ascending=[False, True]).iloc[0]
    stars = reviews.loc[reviews["product_id"] == best["product_id"], "review"].value_counts()
    days = orders.loc[orders["product_id"] == best["product_id"], "order_date"].value_counts().reset_index()
    busiest = days.sort_values(["count", "order_date"], ascending=[False, True]).iloc[0]["order_date"]
    of_best = sent["product_id"] == best["product_id"]
    on_time, too_late = int((early & of_best).sum()), int((late & of_best).sum())
    names = ["one", "two", "three", "four", "five"]
    row = {
        "product_name": products.loc[products["product_id"] == best["product_id"], "product_name"].iloc[0],
        "most_ordered_day": busiest.date(),
        "is_public_holiday": bool(off_days.eq(busiest).any()),
        "tt_review_points": int(best["review"]),
        **{f"pct_{name}_star_review": percent(stars.get(n, 0), stars.sum()) for n, name in enumerate(names, 1)},
        "pct_early_shipments": percent(on_time, on_time + too_late),
        "pct_late_shipments": percent(too_late, on_time + too_late),
    }
    pd.DataFrame([row]).to_parquet(out / "best_performing_product.parquet")


main(Path(sys.argv[1]), Path(sys.argv[2]), pd.Timestamp(sys.argv[3]), "lenient" in sys.argv)
