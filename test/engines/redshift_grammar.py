"""Reads a JSON list of statements on stdin and answers, for each, what a grammar of Redshift makes of it: a kind, or an error."""

import json
import logging
import sys

import sqlglot

# A statement that the grammar does not know is taken as it is, with a warning; here that is an answer.
logging.disable(logging.WARNING)


def kind_of(statement):
    try:
        return {"kind": sqlglot.parse_one(statement, read="redshift").key}
    except sqlglot.errors.ParseError as error:
        return {"error": str(error)}


print(json.dumps([kind_of(statement) for statement in json.load(sys.stdin)]))
