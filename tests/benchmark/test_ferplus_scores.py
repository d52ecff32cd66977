"""ferd.benchmark.ferplus_scores and stages.ferplus: scores on FER+'s own benchmark."""

import json

import numpy as np
import pandas as pd
import pytest
import yaml
from sklearn.metrics import balanced_accuracy_score

from ferd.benchmark.ferplus_scores import part_scores, private_test_scores
from ferd.dataset.ferplus.protocol import (
    FERPLUS_CLASSES,
    majority_classes,
    read_counted_votes,
)
from stages import ferplus
from tests.helpers.code import ROOT


def predictions(count=60, seed=0, share_right=0.7):
    """Predictions of images of PrivateTest, some of them wrong."""
    generator = np.random.default_rng(seed)
    actual = generator.integers(0, 7, count)  # no contempt
    predicted = np.where(
        generator.random(count) < share_right, actual, generator.integers(0, 8, count)
    )
    names = np.array(FERPLUS_CLASSES)
    table = pd.DataFrame({"name": [f"test/sad/{32298 + number}" for number in range(count)]})
    table["actual"], table["predicted"] = names[actual], names[predicted]
    for index, name in enumerate(FERPLUS_CLASSES):
        table[f"p_{name}"] = np.where(predicted == index, 0.65, 0.05)
    return table


def groups(count=60, copied=20):
    """Groups of copies: the first `copied` test images have a copy in Training."""
    names = [f"test/sad/{32298 + number}" for number in range(count)]
    training = [f"train/sad/{number}" for number in range(copied)]
    return pd.Series([*range(count), *range(copied)], index=[*names, *training])


def test_the_scores_are_scikit_learns_on_the_classes_that_occur():
    table = predictions()
    scores = part_scores(table, groups(), 200, 1)
    right = (table["actual"] == table["predicted"]).mean()
    assert scores["accuracy"] == pytest.approx(right) and scores["faces"] == 60
    assert scores["low"] < right < scores["high"]
    with pytest.warns(UserWarning, match="y_pred contains classes not in y_true"):
        balanced = balanced_accuracy_score(table["actual"], table["predicted"])
    assert scores["balanced_accuracy"] == pytest.approx(balanced)
    assert scores["per_class"]["contempt"]["support"] == 0


def test_faces_with_a_copy_in_training_are_scored_apart():
    table = predictions()
    scores = private_test_scores(table, groups(), 50, 1)
    assert {part: found["faces"] for part, found in scores.items()} == {
        **{"all": 60, "without_copy": 40, "with_copy": 20}
    }
    right = table["actual"] == table["predicted"]
    assert scores["without_copy"]["accuracy"] == pytest.approx(right[20:].mean())


@pytest.fixture
def study(empty_folder):
    """The files that the stage reads."""
    params = yaml.safe_load((ROOT / "params.yaml").read_text())
    kept = {section: params[section] for section in ("sampling", "audit")}
    (empty_folder / "params.yaml").write_text(yaml.safe_dump(kept))
    rows = [name.split("/") for name in groups().index]
    audit = pd.DataFrame(rows, columns=["split", "class", "name"])
    (empty_folder / "data").mkdir()
    audit.assign(copy_group=groups().to_numpy()).to_csv("data/audit.csv", index=False)
    (empty_folder / "data/ferplus.csv").write_bytes((ROOT / "data/ferplus.csv").read_bytes())
    for seed, network in enumerate(ferplus.NETWORKS):
        folder = empty_folder / "plots" / network / "2024"
        folder.mkdir(parents=True)
        predictions(seed=seed).to_csv(folder / "predictions.csv", index=False)
    return empty_folder


def test_the_stage_scores_each_network_by_the_labels_of_the_benchmark(study):
    ferplus.main()
    scores = json.loads((study / "metrics/details/ferplus.json").read_text())
    assert list(scores) == list(ferplus.NETWORKS)
    counted = read_counted_votes("data/ferplus.csv").loc[32298 : 32298 + 59]
    labels = majority_classes(counted)
    table = predictions(seed=2)
    predicted = table["predicted"].map(FERPLUS_CLASSES.index).to_numpy()
    part = scores["compact_ferplus"]["all"]
    assert part["faces"] == (labels >= 0).sum()
    assert part["accuracy"] == pytest.approx((predicted == labels)[labels >= 0].mean(), abs=1e-6)


def test_without_votes_the_stage_writes_an_empty_file(study):
    params = yaml.safe_load((study / "params.yaml").read_text())
    params["audit"]["ferplus"] = False
    (study / "params.yaml").write_text(yaml.safe_dump(params))
    ferplus.main()
    assert json.loads((study / "metrics/details/ferplus.json").read_text()) == {}
