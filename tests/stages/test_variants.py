"""Variants and seeds of the trainings, their scores, what restores them, and the stage seeds."""

import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from ferd.classes import CLASSES
from ferd.dataset.parts.faces import load_faces
from ferd.dataset.parts.split import validation_rows
from ferd.report import paper_results
from ferd.study import restore
from ferd.study.pipeline import read_pipeline
from ferd.study.settings import load, load_training
from ferd.training.paper import variants
from ferd.training.paper.differential import rare_classes
from stages import ablation_augment, ablation_cbam, audit, score, seeds, train, train_search
from tests.helpers.predicting import environment
from tests.helpers.settings import REPO
from tests.helpers.small_faces import make_faces, write_crops
from tests.helpers.small_study import contents, read, write_params, write_pipeline

SPLITS = (("train", 4), ("test", 5))
RUNS = {"cosine": "cosine", "cosine_7": "replicate/cosine_7"}
REPLICATE = {"base": "cosine", "change": "cosine", "seed": 7, "fold": 1, "reads": "data/crops.npz"}
NONE = {"score_recipe": {}, "score_ensembles": {}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("variants")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("FERD_CHECKPOINTS", raising=False)
        write_params()
        write_pipeline(replicate={"cosine_7": REPLICATE}, score=RUNS, **NONE)
        faces = {name: make_faces((6,) * 7, seed, 16, name) for name, seed in SPLITS}
        faces["train"].images[:2] = faces["test"].images[:2]
        write_crops(splits=faces)
        audit.main()
        train.main("cosine", ["cosine"])
        train.main("replicate/cosine_7", ["cosine"], seed=7, fold=1)
        for run in RUNS.values():
            score.main(run, None)
        for name in seeds.HYBRIDS.values():  # Hybrids that predict as the network does.
            Path("plots", name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy("plots/cosine/predictions.csv", f"plots/{name}.csv")
        seeds.main()
    return folder


@pytest.fixture
def inside(folder, monkeypatch):
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["restore"])


def predictions(run):
    return pd.read_csv(f"plots/{run}/predictions.csv")


def test_another_seed_trains_another_network_on_the_same_test_faces(inside):
    own, other = (predictions(run) for run in RUNS.values())
    assert own["name"].equals(other["name"])
    assert not own[f"p_{CLASSES[0]}"].equals(other[f"p_{CLASSES[0]}"])
    assert Path("data/replicate/cosine_7/model.keras").exists()
    assert read("metrics/cost/replicate/cosine_7.json")["epochs"] == 1


def test_what_git_keeps_restores_the_bytes_that_the_trainings_wrote(inside):
    folders = [Path("data", run, "results") for run in RUNS.values()]
    before = contents(*folders)
    assert len(before) == 6
    for one in folders:
        shutil.rmtree(one)
    restore.main()
    assert contents(*folders) == before


@pytest.mark.parametrize("name", ["predictions.csv", "training.json", "cost.json"])
def test_restoring_leaves_what_is_there(inside, name):
    path = Path("data/cosine/results", name)
    before = path.read_bytes()
    path.write_text("another training's")
    restore.main()
    assert path.read_text() == "another training's"
    path.write_bytes(before)


def test_seeds_gives_the_mean_of_both_and_scores_their_average(inside):
    found = read("metrics/details/seeds.json")
    tables = [predictions(run) for run in RUNS.values()]
    accuracies = [(table["actual"] == table["predicted"]).mean() for table in tables]
    detected = found["variants"]["cosine"]["detected"]
    assert detected["mean"] == pytest.approx(sum(accuracies) / 2, abs=1e-6)
    columns = [f"p_{name}" for name in CLASSES]
    mean = (tables[0][columns] + tables[1][columns]).to_numpy().argmax(axis=1)
    right = [CLASSES[index] for index in mean] == tables[0]["actual"]
    averaged = found["averaged"]["detected"]
    assert averaged["accuracy"] == pytest.approx(right.mean(), abs=1e-6)
    lead = right.mean() - accuracies[0]
    for name in ("cnn", *seeds.HYBRIDS):
        test = averaged["tests"][f"cnns - {name}"]
        assert test["difference"] == pytest.approx(lead, abs=1e-6)
    assert pd.read_csv("plots/seeds/accuracy.csv")["training"].tolist() == [0, 1]


class Began(Exception):
    """A training that would begin now."""


def begun(monkeypatch, start):
    """Faces, mask of validation faces, settings and options of the training that a call starts."""
    given = []

    def begin(*arguments, **options):
        given.extend([*arguments, options])
        raise Began

    monkeypatch.setattr(variants, "train_network", begin)
    with pytest.raises(Began):
        start()
    return given


# Each run: its base, and the section after it.
VARIANTS = {
    "ablation_uncropped": ("train", "ablation_uncropped"),
    "ablation_cbam": ("train", "ablation_cbam"),
    "ablation_augment": ("train", "ablation_augment"),
    "ablation_augment_all": ("ablation_augment", "ablation_augment_all"),
    "sqrt_weights": ("train", "sqrt_weights"),
    "train_search": ("train", "train_search"),
    "cosine": ("cosine", "cosine"),
    "cosine_balanced": ("cosine", "cosine_balanced"),
    "cosine_uncropped": ("cosine", "ablation_uncropped"),
    "cosine_cbam": ("cosine", "ablation_cbam"),
    "cosine_augment": ("cosine", "ablation_augment"),
    "cosine_precision": ("cosine", "cosine_precision"),
    "cosine_copies": ("cosine", "cosine_copies"),
}
OWN = {
    "sqrt_weights": {"class_weights": "sqrt"},
    "cosine_balanced": {"class_weights": "balanced"},
    "train_search": {"epochs": 60},
    "cosine_precision": {"precision": "bfloat16"},
    "cosine_copies": {"exclude_test_copies": True},
}


@pytest.mark.parametrize("run", VARIANTS)
def test_a_variant_differs_from_its_base_in_its_own_thing_alone(inside, monkeypatch, run):
    line = read_pipeline(REPO / "dvc.yaml")["stages"]["variant"]["foreach"][run]
    assert (line["base"], line["change"]) == VARIANTS[run]
    faces, validating, settings, options = begun(
        monkeypatch, lambda: train.main(run, VARIANTS[run], seed=7, fold=1)
    )
    base = load("train") | {"seed": 7, "validation_fold": 1}
    base |= load("cosine") if run.startswith("cosine") else {}
    images = load_faces("train", "whole" if "uncropped" in run else "crops")
    if run == "cosine_copies":
        copies = pd.read_csv("data/test_copies.csv")["name"]
        assert len(copies) == 2
        images = images.take(~np.isin(images.names, copies))
    assert faces.names.tolist() == images.names.tolist()
    assert np.array_equal(faces.images, images.images)
    assert np.array_equal(validating, validation_rows(images, base))
    assert settings == base | OWN.get(run, {})
    assert ("after_block" in options) == run.endswith("_cbam")
    assert ("augment" in options) == ("augment" in run)


def test_the_control_gives_every_class_what_the_ablation_gives_three():
    counts = list(paper_results.CROP["train"]["found_per_class"].values())
    classes = np.repeat(np.arange(7), counts)
    ablation, control = (
        load_training(*VARIANTS[run], path=REPO / "params.yaml")[1]["augment"]
        for run in ("ablation_augment", "ablation_augment_all")
    )
    assert rare_classes(classes, 7, ablation["rare_share"]).sum() == 3
    assert rare_classes(classes, 7, control["rare_share"]).all()
    assert control == ablation | {"rare_share": control["rare_share"]}


def test_a_search_predicts_validation_faces_and_reads_no_test_face(inside, monkeypatch):
    """The network is one that knows nothing; where test faces were asked for, it would raise."""
    written, asked = {}, []
    model = SimpleNamespace(count_params=lambda: 5)
    training = SimpleNamespace(model=model, best_epoch=1, checkpoint=SimpleNamespace(clear=list))
    monkeypatch.setattr(variants, "train_network", lambda *_, **__: training)
    monkeypatch.setattr(variants, "predict", lambda model, images: np.full((len(images), 7), 1 / 7))
    monkeypatch.setattr(variants, "note_cost", lambda *_: None)
    monkeypatch.setattr(
        variants, "write_run", lambda run, _, faces, *__: written.update({run: faces})
    )
    read = variants.load_faces
    monkeypatch.setattr(
        variants, "load_faces", lambda *words: (asked.append(words), read(*words))[1]
    )
    train_search.main()
    faces, settings = load_faces("train", "crops"), load("train")
    validating = validation_rows(faces, settings)
    assert asked == [("train", "crops")]
    assert written["train_search"].names.tolist() == faces.names[validating].tolist()
    train.main()
    assert asked[1:] == [("train", "crops"), ("test", "crops")]
    assert written["train"].names.tolist() == load_faces("test", "crops").names.tolist()


@pytest.mark.parametrize("stage", [ablation_cbam, ablation_augment])
def test_an_ablation_with_a_script_of_its_own_is_of_train(inside, monkeypatch, stage):
    _, _, settings, options = begun(monkeypatch, stage.main)
    assert settings == load("train")
    assert f"ablation_{next(iter(options['variant']))}" == stage.__name__.split(".")[-1]


def test_a_training_on_detected_whole_images_leaves_out_the_others(inside, monkeypatch):
    write_params(ablation_uncropped={"train_on": "detected"})
    faces, *_ = begun(monkeypatch, lambda: train.main("one", ["ablation_uncropped"]))
    write_params()
    whole = load_faces("train", "whole")
    assert 0 < len(faces) < len(whole)
    assert np.array_equal(faces.images, whole.images[whole.found])


def test_a_section_that_there_is_not_stops_the_training_before_it_begins(tmp_path):
    shutil.copy(REPO / "params.yaml", tmp_path)
    command = [sys.executable, "-m", "stages.train", "mine", "no_section"]
    done = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True)
    assert done.returncode == 1 and "section 'no_section' is missing" in done.stderr
    assert not (tmp_path / "data").exists()
