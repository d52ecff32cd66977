"""The stages that write features: of which faces they are, and of which network."""

from pathlib import Path

import numpy as np
import pytest

from ferd.dataset.parts.faces import load_faces
from ferd.dataset.parts.split import validation_rows
from ferd.ensembles.features import read_features
from ferd.ensembles.penultimate import features_of
from ferd.networks.paper.paper_cnn import build_network
from ferd.study.settings import load_training
from ferd.training.core.saving import save_model
from ferd.training.core.trained import load_trained
from stages import extract, extract_unseen
from tests.helpers.small_faces import make_faces, write_crops
from tests.helpers.small_study import read, write_params


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Each face's one feature is its row, so that it can be recognized."""
    folder = tmp_path_factory.mktemp("unseen")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        write_params()
        parts = {
            split: make_faces((12,) * 7, n, 8, split) for n, split in ((1, "test"), (2, "train"))
        }
        write_crops(splits=parts)
        arrays = {}
        for part in ("train", "test", "fallback"):
            faces = load_faces("test" if part == "fallback" else part)
            arrays[f"{part}_features"] = np.arange(len(faces), dtype="float32")[:, None]
            arrays[f"{part}_classes"], arrays[f"{part}_names"] = faces.classes, faces.names
        (folder / "data/features").mkdir()
        np.savez("data/features/cosine.npz", **arrays)
        extract_unseen.main()
    return folder


def rows_of(folder, which):
    return read_features(folder / f"data/features/{which}.npz").train["feature_0"].astype(int)


def test_unseen_is_the_validation_part_and_seen_has_none_of_it(folder, monkeypatch):
    monkeypatch.chdir(folder)
    faces = load_faces("train")
    validating = np.flatnonzero(validation_rows(faces, load_training("cosine")[0]))
    assert list(rows_of(folder, "unseen")) == list(validating)
    assert not set(rows_of(folder, "seen")) & set(validating)
    count = len(validating)
    assert read("metrics/details/extract_unseen.json") == {"unseen": count, "seen": count}


def test_both_have_as_many_of_every_class_and_the_same_test_faces(folder):
    parts = [read_features(folder / f"data/features/{name}.npz") for name in ("unseen", "seen")]
    counts = [part.train["target"].value_counts().sort_index().to_dict() for part in parts]
    assert counts[0] == counts[1]
    assert list(parts[0].test_names) == list(parts[1].test_names)


def test_draw_depends_on_its_seed_alone():
    classes, chosen = np.arange(70) % 7, np.arange(70) < 14
    first = extract_unseen.draw_like(classes, chosen, 3)
    assert (first == extract_unseen.draw_like(classes, chosen, 3)).all()
    assert (first != extract_unseen.draw_like(classes, chosen, 4)).any()
    assert first.sum() == 14 and not (first & chosen).any()


RUNS = ("train", "cosine_copies")


@pytest.mark.parametrize("run", RUNS)
def test_features_are_of_the_runs_own_network_and_training_faces(small_study_crops, run):
    extract.main(run, section="train" if run == "train" else run)
    path, faces = f"data/features/{run}.npz", load_faces("train")
    if run == "cosine_copies":
        faces = faces.take(~np.isin(faces.names, small_study_crops))
    whole = load_faces("test", view="whole")
    shown = {"train": faces, "test": load_faces("test"), "fallback": whole.take(~whole.found)}
    with np.load(path) as file:
        for part, some in shown.items():
            assert file[f"{part}_names"].tolist() == some.names.tolist()
            expected = features_of(load_trained(run), some.images, 16)
            assert file[f"{part}_features"] == pytest.approx(expected, abs=1e-6)
        zero = float((file["train_features"] == 0).mean())
    if run != "train":
        assert not list(Path("metrics").rglob("*"))
        return
    details = read("metrics/details/extract.json")
    assert details["train"]["faces"] == len(faces) and details["features"] == 256
    assert details["zero_share"] == pytest.approx(zero, abs=1e-6)


@pytest.fixture
def small_study_crops(empty_folder):
    """Faces, two untrained networks and the names of two training faces with a copy in test."""
    write_params()
    parts = {split: make_faces((4,) * 7, seed, 16, split) for seed, split in enumerate(SPLITS)}
    write_crops(splits=parts)
    for seed, name in enumerate(RUNS):
        save_model(build_network(size=16, seed=seed), f"data/{name}/model.keras")
    copies = parts["train"].names[parts["train"].found][:2]
    (empty_folder / "data/test_copies.csv").write_text("\n".join(["name", *copies]) + "\n")
    return copies


SPLITS = ("train", "test")
