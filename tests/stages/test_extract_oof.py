"""The selected features are of faces that the network was not trained on, the control's not."""

import sys

import numpy as np
import pytest
import yaml

from ferd.dataset.parts.faces import load_faces
from ferd.dataset.parts.split import validation_rows
from ferd.ensembles.features import read_features
from stages import extract_oof
from tests.helpers.small_faces import make_faces, write_crops
from tests.training.test_train_cnn import SETTINGS


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Each face's one feature is its row, so that it can be recognized."""
    folder = tmp_path_factory.mktemp("oof")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(sys, "argv", ["extract_oof"])
        sections = {"train": SETTINGS, "extract_oof": {"seed": 1}}
        (folder / "params.yaml").write_text(yaml.safe_dump(sections))
        parts = {
            split: make_faces((12,) * 7, n, 8, split) for n, split in ((1, "test"), (2, "train"))
        }
        write_crops(splits=parts)
        arrays = {}
        for part in ("train", "test", "fallback"):
            faces = load_faces("test" if part == "fallback" else part)
            arrays[f"{part}_features"] = np.arange(len(faces), dtype="float32")[:, None]
            arrays[f"{part}_classes"], arrays[f"{part}_names"] = faces.classes, faces.names
        np.savez("data/features.npz", **arrays)
        extract_oof.main()
    return folder


def rows_of(folder, which):
    return read_features(folder / f"data/extract_oof/{which}.npz").train["feature_0"].astype(int)


def test_unseen_is_the_validation_part_and_seen_has_none_of_it(folder, monkeypatch):
    monkeypatch.chdir(folder)
    faces = load_faces("train")
    validating = np.flatnonzero(validation_rows(faces, SETTINGS))
    assert list(rows_of(folder, "unseen")) == list(validating)
    assert not set(rows_of(folder, "seen")) & set(validating)


def test_both_have_as_many_of_every_class_and_the_same_test_faces(folder):
    parts = [read_features(folder / f"data/extract_oof/{name}.npz") for name in ("unseen", "seen")]
    counts = [part.train["target"].value_counts().sort_index().to_dict() for part in parts]
    assert counts[0] == counts[1]
    assert list(parts[0].test_names) == list(parts[1].test_names)


def test_draw_depends_on_its_seed_alone():
    classes, chosen = np.arange(70) % 7, np.arange(70) < 14
    first = extract_oof.draw_like(classes, chosen, 3)
    assert (first == extract_oof.draw_like(classes, chosen, 3)).all()
    assert (first != extract_oof.draw_like(classes, chosen, 4)).any()
    assert first.sum() == 14 and not (first & chosen).any()
