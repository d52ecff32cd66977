"""The stages replicate and seeds, one after the other, on small faces."""

import json
import sys
from pathlib import Path
from shutil import copy

import pandas as pd
import pytest
import yaml

from ferd.classes import CLASSES
from ferd.study.replicate_params import VARIANTS
from stages import audit, replicate, seeds, train
from tests.helpers.small_faces import make_faces, write_crops
from tests.training.test_train_cnn import SETTINGS

SECTIONS = {
    "train": {**SETTINGS, "epochs": 1, "early_stopping_patience": 1},
    "ablation_uncropped": {"train_on": "all"},
    "ablation_cbam": {"reduction_ratio": 8, "kernel_size": 3},
    "ablation_augment": {
        "rare_share": 1.0,
        "rotation_degrees": 20.0,
        "zoom": 0.1,
        "shift": 0.1,
        "brightness": 0.1,
    },
    "audit": {"near_correlation": 0.9, "ferplus": False},
    "replicate": {"variants": ["train"], "seeds": [7]},
    "seeds": {"confidence": 0.95, "draws": 100, "seed": 1},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("replicate")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("FERD_CHECKPOINTS", raising=False)
        (folder / "params.yaml").write_text(yaml.safe_dump(SECTIONS))
        write_crops(splits={name: make_faces((6,) * 7, seed, 16, name) for name, seed in SPLITS})
        for stage, arguments in STEPS:
            if stage is seeds:  # Hybrids that predict as the network does.
                for name in seeds.HYBRIDS.values():
                    Path("plots", name).parent.mkdir(parents=True, exist_ok=True)
                    copy("plots/train/predictions.csv", f"plots/{name}.csv")
            patch.setattr(sys, "argv", ["stage", *arguments])
            stage.main()
    return folder


SPLITS = (("train", 4), ("test", 5))
STEPS = ((audit, []), (train, []), (replicate, ["train", "7"]), (seeds, []))


def predictions(folder, name):
    return pd.read_csv(folder / "plots" / name / "predictions.csv")


def test_another_seed_trains_another_network_on_the_same_test_faces(folder):
    own, other = predictions(folder, "train"), predictions(folder, "replicate/train_7")
    assert own["name"].equals(other["name"])
    assert not own[f"p_{CLASSES[0]}"].equals(other[f"p_{CLASSES[0]}"])
    assert (folder / "data/replicate/train_7/model.keras").exists()
    assert (folder / "metrics/cost/replicate/train_7.json").exists()


def test_seeds_gives_the_mean_of_both_and_scores_their_average(folder):
    found = json.loads((folder / "metrics/seeds.json").read_text())
    tables = [predictions(folder, name) for name in ("train", "replicate/train_7")]
    accuracies = [(table["actual"] == table["predicted"]).mean() for table in tables]
    detected = found["variants"]["train"]["detected"]
    assert detected["mean"] == pytest.approx(sum(accuracies) / 2, abs=1e-6)
    columns = [f"p_{name}" for name in CLASSES]
    mean = (tables[0][columns] + tables[1][columns]).to_numpy().argmax(axis=1)
    right = [CLASSES[index] for index in mean] == tables[0]["actual"]
    averaged = found["averaged"]["detected"]
    assert averaged["accuracy"] == pytest.approx(right.mean(), abs=1e-6)
    lead = right.mean() - accuracies[0]
    for name in ("cnn", "soft vote", "stack"):
        test = averaged["tests"][f"cnns - {name}"]
        assert test["difference"] == pytest.approx(lead, abs=1e-6)


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_variant_is_trained_by_its_own_stage_with_its_own_params(
    folder, monkeypatch, variant
):
    monkeypatch.chdir(folder)
    module = __import__(f"stages.{variant}", fromlist=[variant])
    name = next(name for name in vars(module) if name.startswith("train"))
    calls = []
    monkeypatch.setattr(module, name, lambda *given: calls.append(given))
    replicate.train_variant(variant, SECTIONS["train"] | {"seed": 7}, {}, "replicate/x")
    (given,) = calls
    assert given[0]["seed"] == 7 and given[-1] == "replicate/x"


def test_a_variant_that_is_none_ends_with_the_choices(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["replicate.py", "ablation_smote", "7"])
    with pytest.raises(SystemExit):
        replicate.main()
    assert "ablation_cbam" in capsys.readouterr().err
