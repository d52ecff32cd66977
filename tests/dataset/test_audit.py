"""ferd.dataset.copies.audit: copies are found across the splits, with their labels, and counted."""

import cv2
import numpy as np
import pandas as pd
import pytest

from ferd.dataset.copies import audit as auditing
from ferd.dataset.copies.copies import similar_pairs
from ferd.dataset.parts import votes
from ferd.study.base.results import write_json

GENERATOR = np.random.default_rng(1)
NAMES = [
    "train/happy/0",
    "train/sad/1",
    "train/happy/2",
    "train/fear/3",
    "test/happy/4",  # train 0 again
    "test/sad/5",  # train 2 again: another label
    "test/fear/6",  # train 3 with noise
    "test/happy/7",  # only itself
    "test/happy/8",  # 7 again, no copy in train
    "train/angry/9",  # blank
    "test/disgust/10",  # blank as well
]


@pytest.fixture(scope="module")
def table():
    images = GENERATOR.integers(60, 190, (11, 12, 12), dtype=np.uint8)
    images[4], images[5], images[8] = images[0], images[2], images[7]
    images[6] = images[3] + GENERATOR.integers(0, 9, images[3].shape).astype("uint8")
    images[9] = images[10] = 0
    found = np.array([1, 1, 0, 1, 1, 1, 1, 1, 1, 0, 0], bool)
    near = similar_pairs(images, 0.9)
    table = auditing.audit_images(images, np.array(NAMES), found, near)
    return auditing.with_shifted_copies(table, images, 0.9)


def test_each_image_knows_its_closest_copy_in_the_other_split(table):
    expected = ["exact", "none", "exact", "near", "exact", "exact", "near"]
    assert list(table["copy"]) == [*expected, "none", "none", "exact", "exact"]


def test_copies_under_another_label_are_marked_on_both_sides(table):
    assert list(np.flatnonzero(table["copy_other_label"])) == [2, 5, 9, 10]


def test_a_copy_without_a_detected_face_is_told_from_one_with(table):
    assert list(table["copy_found"]) == [1, 0, 1, 1, 1, 0, 1, 0, 0, 0, 0]


def test_identical_images_share_a_picture_and_near_copies_a_copy_group_too(table):
    assert table["picture"][0] == table["picture"][4] != table["picture"][1]
    assert (
        table["copy_group"][3] == table["copy_group"][6]
        and table["picture"][3] != table["picture"][6]
    )
    assert table["copy_group"][9] == table["copy_group"][10]
    assert list(table["blank"]) == [0] * 9 + [1, 1]


def test_moved_and_mirrored_copies_are_marked_where_there_is_no_copy(moved):
    assert list(moved["shifted_copy"]) == [0, 0, 0, 1, 1, 0]
    assert list(moved["shifted_other_label"]) == [0, 0, 0, 0, 1, 0]


@pytest.fixture
def moved():
    """Test: train 0 itself, train 0 moved, train 1 mirrored and under another label, and noise."""
    noise = GENERATOR.integers(60, 190, (3, 5, 5), dtype=np.uint8)
    wide = np.stack([cv2.resize(one, (36, 36), interpolation=cv2.INTER_CUBIC) for one in noise])
    middle = np.ascontiguousarray(wide[:, 4:32, 4:32])
    images = [middle[0], middle[1], middle[0], wide[0, 1:29, 6:34], middle[1][:, ::-1], middle[2]]
    names = ["train/sad/0", "train/fear/1"]
    names += ["test/sad/2", "test/sad/3", "test/happy/4", "test/sad/5"]
    images = np.stack(images)
    table = auditing.audit_images(images, np.array(names), [True] * 6, similar_pairs(images, 0.95))
    return auditing.with_shifted_copies(table, images, 0.95)


def test_counts_are_those_of_the_table(table):
    counts = auditing.count_audit(table)
    assert counts["blank"] == 2
    assert counts["exact"] == {
        "groups": 4,
        "images": 8,
        "largest": 2,
        "groups_of_several_labels": 2,
    }
    assert counts["near"]["groups"] == 5
    test, detected = counts["test"], counts["test_detected"]
    assert (test["images"], test["exact"], test["near"]) == (6, 3, 1)
    assert (test["exact_other_label"], detected["exact_other_label"]) == (2, 1)
    assert detected["copy_share"] == pytest.approx(3 / 5)
    assert test["per_class"]["happy"] == 1 and test["per_class"]["angry"] == 0
    assert counts["train_with_a_copy_in_test"] == 4


def test_votes_are_joined_by_the_images_number(table, tmp_path):
    columns = {name: [0] * 11 for name in votes.NAMES.values()}
    columns["happy"], columns["no_face"] = [8] * 10 + [0], [2] * 10 + [10]
    joined = auditing.with_votes(table, pd.DataFrame(columns))
    assert list(joined["ferplus"]) == ["happy"] * 10 + ["no_face"]
    assert list(joined["ferplus_majority"]) == ["happy"] * 10 + [""]
    # The classes that no image has leave their shares undefined, which a metrics file refuses.
    ferplus = auditing.count_audit(joined)["ferplus"]
    assert ferplus["agrees"] == pytest.approx(5 / 11)
    assert ferplus["no_face"] == 1 and ferplus["no_face_but_detected"] == 0


@pytest.mark.parametrize("name", ["a7", "3.5", "35887", "1"])
def test_images_that_are_not_named_by_number_are_refused(table, name):
    wrong = table.copy()
    wrong.loc[0, "name"] = name
    votes_of = pd.DataFrame({name: [1] * 35887 for name in votes.NAMES.values()})
    with pytest.raises(SystemExit, match=f"'{name}' is not: set audit.ferplus to false"):
        auditing.with_votes(wrong, votes_of)


def test_counts_without_votes_are_numbers_a_metrics_file_takes(table, tmp_path):
    write_json(tmp_path / "audit.json", auditing.count_audit(table))
