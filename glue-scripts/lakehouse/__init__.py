"""The interpreter of a plan on Spark with Iceberg. It knows no dataset: SQL, columns, keys and checks come from the plan."""
