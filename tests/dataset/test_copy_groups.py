"""ferd.dataset.parts.copy_groups: copies are found in every folder, by the audit's groups."""

import pandas as pd
import pytest

from ferd.dataset.parts.copy_groups import copy_groups, has_copy
from tests.helpers.small_faces import make_faces

TRAIN, TEST = make_faces(), make_faces(seed=1, split="test")


@pytest.fixture
def path(tmp_path):
    """An audit in which the third test image is a copy of the sixth train image."""
    names = [*TRAIN.names, *TEST.names]
    table = pd.DataFrame([name.split("/") for name in names], columns=["split", "class", "name"])
    table["copy_group"] = range(len(table))
    table.loc[len(TRAIN) + 2, "copy_group"] = 5
    table.to_csv(tmp_path / "audit.csv", index=False)
    return tmp_path / "audit.csv"


def test_an_image_is_named_by_folder_class_and_file(path):
    groups = copy_groups(path)
    assert groups[TRAIN.names[5]] == groups[TEST.names[2]] == 5
    assert list(groups.index) == [*TRAIN.names, *TEST.names] and groups.nunique() == 55


def test_only_faces_with_a_copy_among_the_others_are_marked(path):
    assert has_copy(TEST, TRAIN, path).nonzero()[0].tolist() == [2]
    assert has_copy(TRAIN, TEST, path).nonzero()[0].tolist() == [5]
    assert not has_copy(TRAIN, TEST.take(TEST.names != TEST.names[2]), path).any()
    # A face is in its own group.
    assert has_copy(TRAIN, TRAIN, path).all()


def test_a_face_that_the_audit_does_not_know_is_an_error(path):
    with pytest.raises(KeyError):
        has_copy(make_faces((9,) * 7), TRAIN, path)
