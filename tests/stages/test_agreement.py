"""The stage agreement: which runs it reads, by the lines of dvc.yaml, and on which faces."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ferd.classes import CLASSES
from ferd.dataset.parts.official_split import PRIVATE_TEST
from ferd.study.base.results import prediction_table, write_table
from stages import agreement
from tests.helpers.small_study import read, write_audit, write_params, write_pipeline

FACES = 70
RUNS = {
    "score": {"cosine": "cosine", "cosine_7": "replicate/cosine_7", "other_7": "replicate/other_7"},
    "score_recipe": {
        f"{name}_{seed}": {"recipe": name, "base": "recipe", "seed": seed}
        for name, seeds in (
            *(("improved", (1, 2)), ("benchmark_fer2013", (1,))),
            *(("compact", (1,)), ("compact_ferplus", (1,))),
        )
        for seed in seeds
    },
}
RUNS["score"]["uncropped_7"] = "replicate/cosine_uncropped_7"
PATHS = {path.split("/")[0]: path for path in agreement.ONCE.values()}
ONCE = ("cosine", "cosine_uncropped", *PATHS)


def predictions(seed):
    """Table of random predictions for the test images, which are of PrivateTest."""
    generator = np.random.default_rng(seed)
    actual = np.arange(FACES) % len(CLASSES)
    values = generator.dirichlet(np.full(len(CLASSES), 0.3), FACES)
    return prediction_table(names("test", PRIVATE_TEST[0]), actual, values.argmax(axis=1), values)


def names(split, first):
    labels = [CLASSES[row % len(CLASSES)] for row in range(FACES)]
    return [f"{split}/{label}/{first + row}" for row, label in enumerate(labels)]


@pytest.fixture
def tables(empty_folder):
    """Dict of run to its predictions; the audit's annotators contradict every tenth label."""
    write_params()
    write_pipeline(**RUNS)
    everyone = [*names("train", 0), *names("test", PRIVATE_TEST[0])]
    write_audit(everyone, [True] * len(everyone))
    found = {}
    runs = [*ONCE, *RUNS["score"].values()]
    runs += [f"{one['recipe']}/{one['seed']}" for one in RUNS["score_recipe"].values()]
    for seed, run in enumerate(dict.fromkeys(runs)):
        found[run] = predictions(seed)
        write_table(f"plots/{PATHS.get(run, f'{run}/predictions')}.csv", found[run])
    return found


def add_votes():
    """FER+'s columns: the majority has 9 of ten votes, and is another class for every tenth."""
    audit = pd.read_csv("data/audit.csv", dtype={"name": str})
    following = audit["class"].map(dict(zip(CLASSES, [*CLASSES[1:], CLASSES[0]], strict=True)))
    every = np.arange(len(audit)) % 10 == 0
    audit["ferplus"], audit["ferplus_votes"] = audit["class"].where(~every, following), 9
    audit["ferplus_majority"] = audit["ferplus"]
    audit.to_csv("data/audit.csv", index=False)
    audit.index = audit["split"] + "/" + audit["class"] + "/" + audit["name"]
    return audit["ferplus"]


def test_without_votes_there_is_nothing_to_score_by(tables):
    agreement.main()
    assert read("metrics/details/agreement.json") == {}


def test_every_run_is_scored_by_both_labels_under_its_seed(tables):
    majority = add_votes()
    agreement.main()
    found = read("metrics/details/agreement.json")
    assert set(found) == {"detected", "without_any_copy", "private_test"}
    clear = found["detected"]["clear"]
    assert (clear["faces"], clear["contradicted"]) == (FACES, FACES // 10)
    assert clear["one_person"]["all"] == pytest.approx(0.9)
    networks = found["detected"]["networks"]
    expected = {"cnn": ("first", "7"), "cnn, whole images": ("first", "7"), "improved": ("1", "2")}
    for name, seeds in expected.items():
        assert tuple(networks[name]["seeds"]) == seeds, name
    for name, key, run in (
        *(("cnn", "first", "cosine"), ("cnn", "7", "replicate/cosine_7")),
        *(("cnn, whole images", "7", "replicate/cosine_uncropped_7"),),
        *(("improved", "2", "improved/2"), ("stack", "first", "cosine_stacking")),
    ):
        scores, table = networks[name]["seeds"][key], tables[run]
        by_label = (table["predicted"] == table["actual"]).mean()
        by_votes = (table["predicted"] == majority.loc[table["name"]].to_numpy()).mean()
        assert scores["label"]["accuracy"] == pytest.approx(by_label, abs=1e-6)
        assert scores["annotators"]["accuracy"] == pytest.approx(by_votes, abs=1e-6)
    assert set(found["private_test"]["networks"]) == {*agreement.OFFICIAL, "compact_ferplus"}


def test_a_run_without_predictions_stops_it(tables):
    add_votes()
    Path("plots/improved/2/predictions.csv").unlink()
    with pytest.raises(FileNotFoundError, match="improved/2"):
        agreement.main()
