"""ferd.training.recipes.data: no image is in two parts, and targets follow the settings."""

import numpy as np
import pandas as pd
import pytest

from ferd.dataset.parts import votes
from ferd.dataset.parts.copy_groups import has_copy
from ferd.dataset.parts.faces import Faces
from ferd.training.recipes.data import recipe_faces, recipe_targets
from tests.helpers.small_faces import make_faces, write_crops

SETTINGS = {
    "split": "paper",
    "input_form": "crops",
    "seed": 1,
    "validation_fraction": 0.25,
    "validation_fold": 0,
    "validation_groups": "exact",
    "exclude_test_copies": False,
    "targets": "labels",
    "label_smoothing": 0.0,
}
# The last rows of Training, then PublicTest, then PrivateTest.
FIRST = 28709 - 30


def numbered(faces, first):
    """The faces under names that are their rows in FER2013."""
    names = [f"{name.rsplit('/', 1)[0]}/{row}" for row, name in enumerate(faces.names, first)]
    return Faces(faces.images, faces.classes, np.array(names), faces.found)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    train = numbered(make_faces((8,) * 7, 2), FIRST)
    test = numbered(make_faces((8,) * 7, 1, split="test"), 32298 - 10)
    write_crops(splits={"train": train, "test": test})
    (tmp_path / "data/test_copies.csv").write_text(f"name\n{train.names[train.found][0]}\n")
    return tmp_path


@pytest.mark.parametrize("split", ["paper", "official"])
@pytest.mark.parametrize("form", ["crops", "whole"])
def test_no_image_stands_on_two_sides_and_none_is_lost(folder, split, form):
    faces = recipe_faces(SETTINGS | {"split": split, "input_form": form})
    names = [set(part.names) for part in faces]
    assert all(names) and sum(map(len, names)) == len(set.union(*names))
    assert len(set.union(*names)) == (112 if form == "whole" else sum(p.found.sum() for p in faces))


@pytest.mark.parametrize("split", ["paper", "official"])
def test_detected_faces_score_a_training_on_all_uncut_images(folder, split):
    given = recipe_faces(SETTINGS | {"split": split, "input_form": "whole_detected"})
    whole = recipe_faces(SETTINGS | {"split": split, "input_form": "whole"})
    assert list(given.train.names) == list(whole.train.names) and not given.train.found.all()
    for part, everyone in zip(given[1:], whole[1:], strict=True):
        assert part.found.all() and list(part.names) == list(everyone.names[everyone.found])
        assert np.array_equal(part.images, everyone.images[everyone.found])


def test_papers_split_tests_on_the_papers_test_set(folder):
    faces = recipe_faces(SETTINGS)
    assert all(name.startswith("test/") for name in faces.test.names)
    assert all(name.startswith("train/") for name in [*faces.train.names, *faces.validation.names])


def test_official_split_goes_by_row_whatever_the_folder(folder):
    faces = recipe_faces(SETTINGS | {"split": "official", "input_form": "whole"})
    rows = [np.array([int(name.rsplit("/")[-1]) for name in part.names]) for part in faces]
    assert rows[0].max() < 28709 <= rows[1].min() and rows[1].max() < 32298 <= rows[2].min()
    folders = {name.split("/")[0] for name in faces.validation.names}
    assert folders == {"train", "test"}


def mark_a_copy(folder, everyone):
    """Writes an audit in which one test image has a copy in train; returns the copy's name."""
    names = np.concatenate([part.names for part in everyone])
    table = pd.DataFrame(map(lambda name: name.split("/"), names), columns=COLUMNS)
    table["copy_group"] = range(len(table))
    # Under the official split both may be of one folder: the audit's own `copy` would not tell.
    copied, original = (part.names[0] for part in (everyone.test, everyone.train))
    table.loc[names == copied, "copy_group"] = table.loc[names == original, "copy_group"].item()
    table.to_csv(folder / "data/audit.csv", index=False)
    return original


def test_copies_of_test_images_are_left_out_of_the_papers_train(folder):
    everyone = recipe_faces(SETTINGS)
    original = mark_a_copy(folder, everyone)
    kept = recipe_faces(SETTINGS | {"exclude_test_copies": True})
    assert set(everyone.train.names) - set(kept.train.names) == {original}
    assert list(kept.validation.names) == list(everyone.validation.names)


def test_copies_of_test_images_are_left_out_of_the_official_train_whatever_their_folder(folder):
    settings = SETTINGS | {"split": "official", "input_form": "whole"}
    everyone = recipe_faces(settings)
    original = mark_a_copy(folder, everyone)
    kept = recipe_faces(settings | {"exclude_test_copies": True})
    assert set(everyone.train.names) - set(kept.train.names) == {original}
    assert kept.test.names.tolist() == everyone.test.names.tolist()
    assert has_copy(everyone.test, everyone.train).sum() == 1
    assert not has_copy(kept.test, kept.train).any()


COLUMNS = ["split", "class", "name"]


def test_labels_are_one_hot_and_smoothed(folder):
    faces = recipe_faces(SETTINGS).train
    assert (recipe_targets(faces, SETTINGS).argmax(axis=1) == faces.classes).all()
    smoothed = recipe_targets(faces, SETTINGS | {"label_smoothing": 0.7})
    assert smoothed.max() == pytest.approx(0.4) and smoothed.min() == pytest.approx(0.1)


def test_votes_are_shares_of_the_seven_answers_or_the_label_where_none_was_given(
    folder, monkeypatch
):
    faces = recipe_faces(SETTINGS | {"input_form": "whole"}).train
    lines = ["Usage,Image name," + ",".join(votes.NAMES)]
    lines += ["Training,a.png,1,0,0,3,0,0,0,6,0,0"] * 35887
    lines[1 + int(faces.names[0].rsplit("/")[-1])] = "Training,,0,0,0,0,0,0,0,0,0,10"
    (folder / "votes.csv").write_text("\n".join(lines) + "\n")
    targets = recipe_targets(faces, SETTINGS | {"targets": "ferplus"}, folder / "votes.csv")
    assert targets.sum(axis=1) == pytest.approx(1)
    assert targets[0].argmax() == faces.classes[0] and targets[0].max() == 1
    assert targets[1] == pytest.approx([0.25, 0, 0, 0.75, 0, 0, 0])
