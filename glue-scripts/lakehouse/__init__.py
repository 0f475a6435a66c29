"""What a Glue job needs to run a plan. It knows no dataset: everything comes from the plan's JSON."""
