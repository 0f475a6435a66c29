"""Trains as SageMaker's XGBoost container does in algorithm mode: the same hyperparameters as text, the same way of reading CSV,
the same artifact. A stand-in for the one step whose program is AWS's own."""

import json
import sys
import tarfile
from pathlib import Path

import xgboost

hyperparameters, channels, out = json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2]), Path(sys.argv[3])
rounds = int(hyperparameters.pop("num_round"))
patience = int(hyperparameters.pop("early_stopping_rounds"))


def channel(name):
    (file,) = [each for each in (channels / name).iterdir() if each.suffix == ".csv"]
    return xgboost.DMatrix(f"{file}?format=csv&label_column=0&delimiter=,")


watched = [(channel("train"), "train"), (channel("validation"), "validation")]
booster = xgboost.train(hyperparameters, watched[0][0], rounds, watched, early_stopping_rounds=patience, verbose_eval=False)
out.mkdir(parents=True, exist_ok=True)
booster.save_model(out / "xgboost-model")
with tarfile.open(out / "model.tar.gz", "w:gz") as tar:
    tar.add(out / "xgboost-model", "xgboost-model")
