"""Reads a JSON list of statements on stdin and answers, for each, what two grammars of Redshift make of it:
`sqlglot` and `sqlfluff`, each a kind or an error."""

import json
import logging
import sys
from multiprocessing import Pool

import sqlglot
from sqlfluff.core import FluffConfig, Linter

# A statement that the grammar does not know is taken as it is, with a warning; here that is an answer.
logging.disable(logging.WARNING)

# Templates are for people who write SQL by hand, and so is the bound on its length.
LINTER = Linter(config=FluffConfig(overrides={"dialect": "redshift", "templater": "raw", "large_file_skip_byte_limit": 0}))


def by_sqlglot(statement):
    try:
        return {"kind": sqlglot.parse_one(statement, read="redshift").key}
    except sqlglot.errors.ParseError as error:
        return {"error": str(error)}


def by_sqlfluff(statement):
    parsed = LINTER.parse_string(statement)
    if parsed.violations:
        return {"error": "; ".join(str(fault) for fault in parsed.violations)}
    (found,) = parsed.tree.recursive_crawl("statement", recurse_into=False)
    return {"kind": found.segments[0].type}


def judged(statement):
    return {"sqlglot": by_sqlglot(statement), "sqlfluff": by_sqlfluff(statement)}


if __name__ == "__main__":
    with Pool() as pool:
        print(json.dumps(pool.map(judged, json.load(sys.stdin), chunksize=4)))
