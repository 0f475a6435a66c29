"""Judges Parquet files by Soda's contracts, on DuckDB. Arguments: raw folder, the day that it is."""

import json
import pathlib
import sys

import duckdb
from soda_core.contracts import verify_contract_locally
from soda_duckdb.common.data_sources.duckdb_data_source import DuckDBDataSourceImpl

raw, day = sys.argv[1], sys.argv[2]
here = pathlib.Path(__file__).parent
tables = ["card_transaction", "chargeback"]
connection = duckdb.connect()
connection.execute("set timezone = 'UTC'")
for table in tables:
    connection.execute(f"create view {table} as select * from '{raw}/{table}/dt={day}/part-0.parquet'")
source = DuckDBDataSourceImpl.from_existing_cursor(connection, name="lake")


def verdict(result):
    """How many rows are missing, invalid or duplicate; of freshness only whether it holds."""
    return {"broken": not result.is_passed, "failed": result.diagnostic_metric_values.get(f"{result.check.type}_count")}


said = {}
for table in tables:
    session = verify_contract_locally(
        data_sources=[source], contract_file_path=str(here / f"{table}.yml"), data_timestamp=f"{day}T00:00:00+00:00"
    )
    if session.has_errors:
        raise RuntimeError(session.get_errors_str())
    results = session.contract_verification_results[0].check_results
    said |= {f"base.{table}: {result.check.name}": verdict(result) for result in results}
print(json.dumps(said))
