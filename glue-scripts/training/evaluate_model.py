"""Judges a new model on points that it never saw, beside the one in use and beside guessing.

Skill is one number for every kind of model: 0 is no better than guessing, 1 is perfect. For a probability it is the average
precision above the share of cases; for an amount the share of the variance that is explained.
"""

import argparse
import csv
import json
import sys
import tarfile
from pathlib import Path

import numpy
import xgboost


def average_precision(labels, scores):
    """The area below precision by recall. Rows of one score are taken together, so their order changes nothing."""
    order = numpy.argsort(-scores, kind="stable")
    labels, scores = labels[order], scores[order]
    last_of_score = numpy.append(numpy.flatnonzero(numpy.diff(scores)), len(scores) - 1)
    hits = numpy.cumsum(labels)[last_of_score]
    precision = hits / (last_of_score + 1)
    return float(numpy.sum(numpy.diff(numpy.append(0, hits)) * precision) / hits[-1])


def skill_of_probability(labels, scores):
    share = float(labels.mean())
    if share in (0.0, 1.0):
        raise SystemExit("cannot judge: the test points are all cases, or none is")
    return (average_precision(labels, scores) - share) / (1 - share)


def skill_of_amount(labels, scores):
    variance = float(((labels - labels.mean()) ** 2).mean())
    if variance == 0:
        raise SystemExit("cannot judge: the labels of the test points are all alike")
    return 1 - float(((labels - scores) ** 2).mean()) / variance


SKILLS = {"probability": skill_of_probability, "amount": skill_of_amount}


def read_points(path):
    """Labels and inputs of a CSV file without header; what is empty is missing."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = [[float(value) if value else numpy.nan for value in row] for row in csv.reader(file)]
    points = numpy.array(rows)
    return points[:, 0], points[:, 1:]


def load_model(archive):
    """A model as XGBoost's container saves it: the file `xgboost-model` in a tar."""
    with tarfile.open(archive) as tar:
        booster = xgboost.Booster()
        booster.load_model(bytearray(tar.extractfile("xgboost-model").read()))
    return booster


def scores_of(booster, inputs):
    """As the container serves it: with the trees up to the best round, where training stopped early."""
    best = booster.attr("best_iteration")
    return booster.predict(xgboost.DMatrix(inputs), iteration_range=(0, 0 if best is None else int(best) + 1))


def evaluate(test, model, champion, learns):
    """The skill of the model and of the one in use, on the same points; `lead` is over the better of that one and guessing."""
    labels, inputs = read_points(test / "test.csv")
    facts = json.loads((test / "split.json").read_text(encoding="utf-8"))
    skill = SKILLS[learns](labels, scores_of(load_model(model), inputs))
    beaten = skill_of_champion(champion, labels, inputs, learns)
    lead = skill - max(0.0, beaten or 0.0)
    package = json.loads((champion / "champion.json").read_text(encoding="utf-8"))["model_package"]
    return {"learns": learns, "skill": skill, "champion": package, "champion_skill": beaten, "lead": lead, **facts}


def skill_of_champion(champion, labels, inputs, learns):
    """None where no model is in use, or one that was made for other inputs: it cannot be asked about these, and has to go."""
    archive = champion / "model.tar.gz"
    booster = load_model(archive) if archive.exists() else None
    if booster is None or booster.num_features() != inputs.shape[1]:
        return None
    return SKILLS[learns](labels, scores_of(booster, inputs))


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--test", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--champion", type=Path, required=True)
    parser.add_argument("--learns", choices=SKILLS, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args(arguments)
    report = evaluate(given.test, given.model, given.champion, given.learns)
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / "evaluation.json").write_text(json.dumps(report, indent=2), encoding="utf-8")
    print(json.dumps({name: report[name] for name in ("skill", "champion_skill", "lead")}))


if __name__ == "__main__":
    main(sys.argv[1:])
