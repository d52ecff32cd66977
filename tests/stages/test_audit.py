"""The audit stage on a small crops.npz: its files agree with each other."""

import numpy as np
import pandas as pd
import pytest

from ferd.dataset.parts.faces import Faces
from stages import audit
from tests.helpers.small_faces import make_faces, write_crops
from tests.helpers.small_study import read, write_params


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Random faces; two of train occur in test again, one of them brighter."""
    folder = tmp_path_factory.mktemp("audit")
    train, test = make_faces(seed=2, size=16), make_faces(seed=1, size=16, split="test")
    images = test.images.copy()
    images[4] = train.images[9]
    train.images[5] //= 2
    images[6] = train.images[5] + 60
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        write_crops(
            splits={"train": train, "test": Faces(images, test.classes, test.names, test.found)}
        )
        write_params()
        audit.main()
    return folder


def test_list_of_copies_names_the_train_images_that_test_has_too(folder):
    names = np.load(folder / "data/crops.npz")["names"]
    listed = pd.read_csv(folder / "data/test_copies.csv")["name"]
    assert sorted(listed) == sorted([names[9], names[5]])


def test_table_has_a_row_per_image_in_the_order_of_the_arrays(folder):
    table = pd.read_csv(folder / "data/audit.csv", dtype={"name": str})
    names = table["split"] + "/" + table["class"] + "/" + table["name"]
    assert list(names) == list(np.load(folder / "data/crops.npz")["names"])
    assert list(table["copy"][[28 + 4, 28 + 6, 28 + 7]]) == ["exact", "near", "none"]


def test_image_facts_are_the_columns_of_the_audit_under_the_names_of_the_predictions(folder):
    table = pd.read_csv(folder / "data/audit.csv", dtype={"name": str})
    facts = pd.read_csv(folder / "plots/audit/images.csv")
    assert list(facts) == ["name", "found", "copy", "shifted_copy", "copy_group"]
    assert list(facts["name"]) == list(np.load(folder / "data/crops.npz")["names"])
    pd.testing.assert_frame_equal(facts.drop(columns="name"), table[list(facts)[1:]])
    assert list(facts["copy"][[28 + 4, 28 + 6]]) == ["exact", "near"]


def test_image_facts_have_the_votes_where_the_audit_has_them():
    table = pd.DataFrame(
        {
            **{"split": ["train", "test"], "class": ["happy", "sad"], "name": ["7", "012"]},
            **{"found": [1, 0], "contrast": [50.1, 60.2], "copy": ["none", "near"]},
            **{"shifted_copy": 0, "copy_group": [3, 4], "ferplus": ["happy", "tie"]},
            **{"ferplus_votes": [9, 5], "ferplus_majority": ["happy", ""]},
        }
    )
    assert audit.image_facts(table).to_dict("records") == [
        {
            **{"name": "train/happy/7", "found": 1, "copy": "none", "shifted_copy": 0},
            **{"copy_group": 3, "ferplus": "happy", "ferplus_votes": 9},
        },
        {
            **{"name": "test/sad/012", "found": 0, "copy": "near", "shifted_copy": 0},
            **{"copy_group": 4, "ferplus": "tie", "ferplus_votes": 5},
        },
    ]


def test_details_count_the_table(folder):
    details = read(folder / "metrics/details/audit.json")
    assert (details["test"]["exact"], details["test"]["near"]) == (1, 1)
    assert details["train_with_a_copy_in_test"] == 2
    assert "ferplus" not in details


def test_agreement_has_a_row_per_interval_beside_chance(folder):
    table = pd.read_csv(folder / "plots/audit/agreement.csv")
    assert table["correlation"].is_monotonic_increasing
    assert table["pairs"].sum() == 2 and table["chance"].unique() == pytest.approx([1 / 7])
