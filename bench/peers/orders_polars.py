"""Orders as a practitioner writes it in Polars: typed scans, one row a key, the three marts, all as Parquet."""

import sys
from datetime import date
from pathlib import Path

import polars as pl

I, D, M, T = pl.Int64, pl.Date, pl.Decimal(12, 2), pl.String
TYPES = {
    "orders": {"order_id": I, "customer_id": I, "order_date": D, "product_id": I, "unit_price": M, "quantity": I, "total_price": M},
    "reviews": {"review": I, "product_id": I},
    "shipment_deliveries": {"shipment_id": I, "order_id": I, "shipment_date": D, "delivery_date": D},
    "dim_products": {"product_id": I, "product_category": T, "product_name": T},
    "dim_customers": {"customer_id": I, "customer_name": T, "postal_code": T},
    "dim_dates": {
        "calendar_dt": D,
        "year_num": I,
        "month_of_the_year_num": I,
        "day_of_the_month_num": I,
        "day_of_the_week_num": I,
        "working_day": pl.Boolean,
    },
}
KEYS = {name: list(columns)[0] for name, columns in TYPES.items() if name != "reviews"}


def table(raw: Path, name: str, out: Path, lenient: bool) -> pl.LazyFrame:
    options = {"ignore_errors": True, "truncate_ragged_lines": True, "encoding": "utf8-lossy", "quote_char": None} if lenient else {}
    frame = pl.scan_csv(raw / name / "*" / "*.csv", schema=TYPES[name], **options)
    if name == "shipment_deliveries":
        # Delivered anew as its dates become known: the fuller row counts.
        frame = frame.sort(*TYPES[name], nulls_last=True)
    path = out / f"{name}.parquet"
    (frame.unique(KEYS[name], keep="first" if name == "shipment_deliveries" else "any") if name in KEYS else frame).sink_parquet(path)
    return pl.scan_parquet(path)


def percent(part: str, whole: str) -> pl.Expr:
    return (pl.col(part) * 100 / pl.col(whole)).round(2, mode="half_away_from_zero")


def main(raw: Path, out: Path, as_of: date, lenient: bool) -> None:
    out.mkdir(parents=True)
    orders, reviews, shipments, products, _, dates = (table(raw, name, out, lenient) for name in TYPES)
    off_day = pl.col("day_of_the_week_num").is_between(1, 5) & ~pl.col("working_day")
    year_ago = as_of.replace(year=as_of.year - 1)
    placed = orders.join(dates.filter(off_day), left_on="order_date", right_on="calendar_dt").filter(
        (pl.col("order_date") > year_ago) & (pl.col("order_date") <= as_of)
    )
    months = "jan feb mar apr may jun jul aug sep oct nov dec".split()
    placed.select(
        (pl.col("order_date").dt.month() == n).sum().cast(I).alias(f"tt_order_hol_{month}") for n, month in enumerate(months, 1)
    ).sink_parquet(out / "agg_public_holiday.parquet")

    late = (pl.col("shipment_date") >= pl.col("order_date").dt.offset_by("6d")) & pl.col("delivery_date").is_null()
    early = (pl.col("shipment_date") < pl.col("order_date").dt.offset_by("6d")) & pl.col("delivery_date").is_not_null()
    nowhere = pl.col("shipment_date").is_null() & pl.col("delivery_date").is_null()
    old = pl.lit(as_of) >= pl.col("order_date").dt.offset_by("15d")
    shipments.join(orders, on="order_id").select(
        late.sum().cast(I).alias("tt_late_shipments"), (nowhere & old).sum().cast(I).alias("tt_undelivered_items")
    ).sink_parquet(out / "agg_shipments.parquet")

    stars = [(pl.col("review") == n).sum().alias(f"star_{n}") for n in range(1, 6)]
    best = (
        reviews.group_by("product_id")
        .agg(pl.col("review").sum().alias("tt_review_points"), pl.len().alias("reviews"), *stars)
        .sort(["tt_review_points", "product_id"], descending=[True, False])
        .head(1)
    )
    ordered = orders.join(best.select("product_id"), on="product_id")
    busiest = (
        ordered.group_by("product_id", "order_date")
        .agg(pl.len().alias("orders"))
        .sort(["orders", "order_date"], descending=[True, False])
        .head(1)
    )
    shares = (
        shipments.join(ordered, on="order_id")
        .group_by("product_id")
        .agg(early.sum().alias("early"), late.sum().alias("late"))
        .with_columns((pl.col("early") + pl.col("late")).alias("both"))
    )
    names = ["one", "two", "three", "four", "five"]
    (
        best.join(products, on="product_id", how="left")
        .join(busiest, on="product_id", how="left")
        .join(dates, left_on="order_date", right_on="calendar_dt", how="left")
        .join(shares, on="product_id", how="left")
        .select(
            "product_name",
            pl.col("order_date").alias("most_ordered_day"),
            off_day.alias("is_public_holiday"),
            "tt_review_points",
            *[percent(f"star_{n}", "reviews").alias(f"pct_{name}_star_review") for n, name in enumerate(names, 1)],
            percent("early", "both").alias("pct_early_shipments"),
            percent("late", "both").alias("pct_late_shipments"),
        )
        .sink_parquet(out / "best_performing_product.parquet")
    )


main(Path(sys.argv[1]), Path(sys.argv[2]), date.fromisoformat(sys.argv[3]), "lenient" in sys.argv)
