"""The stages that train the final recipes, the hybrid of one and the headline, on small faces."""

import json
import sys
from pathlib import Path
from shutil import copy

import pandas as pd
import pytest
import yaml

from stages import (
    ablation_copies_compact,
    audit,
    benchmark_fer2013,
    compact,
    headline,
    improved,
    improved_hybrid,
)
from tests.helpers.small_faces import make_faces, write_crops
from tests.training.test_recipes_outputs import SETTINGS

pytestmark = pytest.mark.slow

RECIPE = {key: value for key, value in SETTINGS.items() if key != "seed"} | {"split": "paper"}
SECTIONS = {
    "audit": {"near_correlation": 0.9, "ferplus": False},
    "improved": RECIPE | {"view": "crops"},
    "benchmark_fer2013": RECIPE,
    "compact": RECIPE | {"distillation": 0.0, "teacher": "benchmark_fer2013"},
    "ablation_copies_compact": {"seed": 1, "exclude_test_copies": True},
    "improved_hybrid": {"folds": 1},
    "headline": {
        **{"improved": [1, 2], "benchmark_fer2013": [1], "compact": [1]},
        **{"seed": 0, "draws": 100},
    },
}
SPLITS = (("train", 4), ("test", 5))
STEPS = (
    *((audit, []), (improved, ["1"]), (improved, ["2"])),
    *((benchmark_fer2013, ["1"]), (compact, ["1"])),
    (ablation_copies_compact, []),
)


def read(path):
    return json.loads(Path(path).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """All stages; the hybrid's ensembles and the study's models predict as `improved`."""
    folder = tmp_path_factory.mktemp("finals")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("FERD_CHECKPOINTS", str(folder / "checkpoints"))
        (folder / "params.yaml").write_text(yaml.safe_dump(SECTIONS))
        faces = {name: make_faces((8,) * 7, seed, 10, name) for name, seed in SPLITS}
        faces["train"].images[:3] = faces["test"].images[:3]
        write_crops(splits=faces)
        for stage, arguments in STEPS:
            patch.setattr(sys, "argv", ["stage", *arguments])
            stage.main()
        hybrids = (f"improved_hybrid/1/predictions_{kind}" for kind in headline.HYBRIDS)
        for name in (*headline.OTHERS.values(), *hybrids):
            Path("plots", name).parent.mkdir(parents=True, exist_ok=True)
            copy("plots/improved/1/predictions.csv", f"plots/{name}.csv")
        peers = {"accuracy": {"ferd": {"crops": 0.7}, "other": {"crops_private_test": 0.6}}}
        peers["images"] = {"private_test": 20}
        Path("benchmarks").mkdir()
        measured = {"peers": peers, "gpu": {"scores": {"compact_gpu": {"views": 2}}}}
        Path("benchmarks/results.json").write_text(json.dumps(measured))
        patch.setattr(sys, "argv", ["stage"])
        headline.main()
        yield folder


def test_each_seed_is_another_network_with_its_own_files(folder):
    first, second = (
        pd.read_csv(folder / f"plots/improved/{seed}/predictions.csv") for seed in (1, 2)
    )
    assert first["name"].tolist() == second["name"].tolist()
    assert not first.equals(second)
    assert (folder / "data/improved/2/model.keras").exists()


def test_headline_has_every_seed_the_spread_and_the_stages_own_size(folder):
    metrics, own = read("metrics/headline.json"), read("metrics/improved/2.json")
    assert set(metrics["improved"]["seeds"]) == {"1", "2"}
    assert metrics["improved"]["spread"]["seeds"] == 2
    assert metrics["improved"]["network"]["parameters"] == own["parameters"]
    assert metrics["improved"]["network"]["views"] == 2
    assert metrics["compact"]["network"]["teacher_multiply_adds"] == 0
    assert metrics["packages"] == {"other": 0.6}
    assert metrics["gpu"] == {"compact_gpu": {"views": 2}}
    found = metrics["improved"]["seeds"]["2"]
    assert found["accuracy"] == own["test"]["all"]["accuracy"]
    assert found["validation"] == own["validation"]
    assert set(metrics["compact"]) == {"seeds", "network"}


def test_compact_without_copies_is_trained_on_fewer_faces_and_tested_against_itself(folder):
    copies = read("metrics/headline.json")["copies"]
    with_them, without = copies["compact"], copies["ablation_copies_compact"]
    own = read("metrics/compact/1.json")["test"]["all"]
    assert with_them["all"]["accuracy"] == own["accuracy"]
    assert without["train_faces"] < with_them["train_faces"]
    assert without["with_copy"]["faces"] == with_them["with_copy"]["faces"] == 3
    name = "compact - ablation_copies_compact"
    assert set(copies["tests"]) == {"all", "without_copy", "with_copy"}
    assert all(set(tests) == {name} for tests in copies["tests"].values())


def test_a_model_that_answers_as_the_improved_one_is_not_told_from_it(folder):
    tests = read("metrics/headline.json")["tests"]["detected"]
    for name in (*headline.OTHERS, *headline.HYBRIDS.values()):
        assert tests[f"improved - {name}"]["p"] == 1
    assert "improved, averaged - improved" in tests


def test_the_hybrid_reads_features_of_the_seeds_own_network(folder):
    recipe = RECIPE | {"view": "crops", "seed": 1}
    path = improved_hybrid.extract(1, recipe)
    assert path.as_posix() == "data/improved_hybrid/1/features.npz"
    before = path.read_bytes()
    assert improved_hybrid.extract(1, recipe).read_bytes() == before
