"""The stages that train and score the final recipes, extract_recipe and headline."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ferd.dataset.parts.faces import load_faces
from ferd.ensembles.recipe_features import pooled_features
from ferd.study.base.results import write_json
from ferd.study.settings import load_recipe
from ferd.training.core.trained import load_trained
from ferd.training.recipes.data import recipe_faces
from stages import audit, extract_recipe, headline, score, train_recipe
from tests.helpers.small_faces import make_faces, write_crops
from tests.helpers.small_study import read, write_params, write_pipeline

pytestmark = pytest.mark.slow

SPLITS = (("train", 4), ("test", 5))
RUNS = (
    *(("improved", 1), ("improved", 2), ("benchmark_fer2013", 1)),
    *(("compact", 1), ("compact_copies", 1)),
)
OURS = "0123"  # the digest of the data


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """All stages; the hybrid's ensembles and the study's models predict as `improved`."""
    folder = tmp_path_factory.mktemp("finals")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("FERD_CHECKPOINTS", str(folder / "checkpoints"))
        write_params(improved={"input_form": "crops"})
        lines = {
            f"{name}_{seed}": {"recipe": name, "base": "recipe", "seed": seed}
            for name, seed in RUNS
        }
        write_pipeline(score_recipe=lines)
        faces = {name: make_faces((8,) * 7, seed, 10, name) for name, seed in SPLITS}
        faces["train"].images[:3] = faces["test"].images[:3]
        write_crops(splits=faces)
        audit.main()
        for network, seed in RUNS:
            train_recipe.main(network, seed)
            score.main(f"{network}/{seed}", network)
        write_others()
        headline.main()
        yield folder


def write_others():
    """Predictions of the models that headline compares, and what was measured elsewhere."""
    hybrids = (f"improved_hybrid/1/predictions_{kind}" for kind in headline.HYBRIDS)
    for name in (*headline.OTHERS.values(), *hybrids):
        Path("plots", name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy("plots/improved/1/predictions.csv", f"plots/{name}.csv")
    write_json("metrics/details/fetch.json", {"source_sha256": OURS})
    write_measured(OURS, OURS)


def write_measured(packages, gpu):
    """benchmarks/results.json, with the digest of the data that each section was measured on."""
    accuracy = {"ferd": {"crops": 0.7}, "other": {"crops_private_test": 0.6}}
    peers = {"accuracy": accuracy, "images": {"private_test": 20}, "source_sha256": packages}
    scores = {"scores": {"compact_gpu": {"views": 2}}, "source_sha256": gpu}
    write_json("benchmarks/results.json", {"peers": peers, "gpu": scores})


@pytest.fixture
def details(folder, monkeypatch):
    monkeypatch.chdir(folder)
    return read("metrics/details/headline.json")


def test_each_seed_is_another_network_with_its_own_files(details):
    first, second = (pd.read_csv(f"plots/improved/{seed}/predictions.csv") for seed in (1, 2))
    assert first["name"].tolist() == second["name"].tolist()
    assert not first.equals(second)
    assert Path("data/improved/2/model.keras").exists()


def test_headline_has_every_seed_the_spread_and_the_runs_own_size(details):
    own = read("metrics/details/improved/2.json")
    assert set(details["improved"]["seeds"]) == {"1", "2"}
    assert details["improved"]["spread"]["seeds"] == 2
    assert details["improved"]["network"]["parameters"] == own["parameters"]
    assert details["improved"]["network"]["views"] == 2
    found = details["improved"]["seeds"]["2"]
    assert found["accuracy"] == own["test"]["all"]["accuracy"]
    assert found["validation"] == own["validation"]
    assert set(details["compact"]) == {"seeds", "network"}


def test_what_was_measured_elsewhere_counts_for_the_same_data_alone(details):
    assert details["packages"] == {"other": 0.6} and details["package_faces"] == 20
    assert details["gpu"] == {"compact_gpu": {"views": 2}}
    write_measured("of other data", OURS)
    found = headline.measured_elsewhere()
    assert found["packages"] == {} and found["gpu"] == details["gpu"]
    write_measured(OURS, "of other data")
    found = headline.measured_elsewhere()
    assert found["packages"] == {"other": 0.6} and found["gpu"] == {}


def test_compact_without_copies_is_trained_on_fewer_faces_and_tested_against_itself(details):
    copies = details["copies"]
    with_them, without = copies["compact"], copies["compact_copies"]
    own = read("metrics/details/compact/1.json")["test"]["all"]
    assert with_them["all"]["accuracy"] == own["accuracy"]
    assert without["train_faces"] < with_them["train_faces"]
    assert without["with_copy"]["faces"] == with_them["with_copy"]["faces"] == 3
    name = "compact - compact_copies"
    assert set(copies["tests"]) == {"all", "without_copy", "with_copy"}
    assert all(set(tests) == {name} for tests in copies["tests"].values())


def test_a_model_that_answers_as_the_improved_one_is_not_told_from_it(details):
    tests = details["tests"]["detected"]
    for name in (*headline.OTHERS, *headline.HYBRIDS.values()):
        assert tests[f"improved - {name}"]["p"] == 1
    assert "improved, averaged - improved" in tests


def test_the_hybrid_s_features_are_of_the_seed_s_own_network_and_of_faces_new_to_it(details):
    extract_recipe.main("improved", 2)
    recipe, whole = load_recipe("improved", 2), load_faces("test", view="whole")
    faces = recipe_faces(recipe)
    shown = {"train": faces.validation, "test": faces.test, "fallback": whole.take(~whole.found)}
    with np.load("data/features/improved_2.npz") as file:
        for part, some in shown.items():
            assert file[f"{part}_names"].tolist() == some.names.tolist()
            expected = pooled_features(load_trained("improved/2"), some.images, recipe["crop_size"])
            assert file[f"{part}_features"] == pytest.approx(expected, abs=1e-6)
    before = Path("data/features/improved_2.npz").read_bytes()
    extract_recipe.main("improved", 2)
    assert Path("data/features/improved_2.npz").read_bytes() == before
