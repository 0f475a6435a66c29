"""Brings what a training needs: the training set, by Athena, and the model in use, from the model registry.

The only script that talks to AWS; those after it run without a network. Asking again costs a query and changes nothing.
"""

import argparse
import json
import re
import shutil
import sys
import time
from pathlib import Path

import boto3

SECONDS_BETWEEN_LOOKS = 5
BUSY = ("QUEUED", "RUNNING")
AS_OF = "{{as_of}}"


def with_date(template, as_of):
    """The plan's SQL with its day. The date ends up in SQL, so nothing but a date gets there."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", as_of):
        raise SystemExit(f"AsOf is {as_of!r}: expected a day as YYYY-MM-DD")
    return template.replace(AS_OF, f"date '{as_of}'")


def ask(athena, sql, workgroup):
    """Runs a query and waits for it. @returns where its answer stands, as bucket and key."""
    query = athena.start_query_execution(QueryString=sql, WorkGroup=workgroup)["QueryExecutionId"]
    while True:
        execution = athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]
        status = execution["Status"]
        if status["State"] not in BUSY:
            break
        time.sleep(SECONDS_BETWEEN_LOOKS)
    if status["State"] != "SUCCEEDED":
        raise SystemExit(f"query {query} {status['State'].lower()}: {status.get('StateChangeReason', 'no reason given')}")
    return location(execution["ResultConfiguration"]["OutputLocation"])


def location(uri):
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def champion_of(sagemaker, group):
    """The newest approved model of a group: its package, and where its artifact stands; None where none was approved."""
    packages = sagemaker.list_model_packages(
        ModelPackageGroupName=group,
        ModelApprovalStatus="Approved",
        SortBy="CreationTime",
        SortOrder="Descending",
        MaxResults=1,
    )["ModelPackageSummaryList"]
    if not packages:
        return None
    package = packages[0]["ModelPackageArn"]
    (container,) = sagemaker.describe_model_package(ModelPackageName=package)["InferenceSpecification"]["Containers"]
    return package, location(container["ModelDataUrl"])


def save(s3, bucket, key, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        shutil.copyfileobj(s3.get_object(Bucket=bucket, Key=key)["Body"], file)


def fetch(given, client=boto3.client):
    """Puts `training-set/training.csv` and `champion/` there; the latter says which model it is, and has it if there is one."""
    sql = with_date(given.query.read_text(encoding="utf-8"), given.as_of)
    s3 = client("s3")
    save(s3, *ask(client("athena"), sql, given.workgroup), given.out / "training-set" / "training.csv")
    champion = champion_of(client("sagemaker"), given.model_group)
    folder = given.out / "champion"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "champion.json").write_text(json.dumps({"model_package": champion and champion[0]}), encoding="utf-8")
    if champion:
        save(s3, *champion[1], folder / "model.tar.gz")


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--query", type=Path, required=True)
    parser.add_argument("--as-of", required=True)
    parser.add_argument("--workgroup", required=True)
    parser.add_argument("--model-group", required=True)
    parser.add_argument("--out", type=Path, required=True)
    fetch(parser.parse_args(arguments))


if __name__ == "__main__":
    main(sys.argv[1:])
