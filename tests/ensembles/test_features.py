import numpy as np
import pytest

from ferd.ensembles.features import read_features, without_copies, write_features
from tests.helpers.automl_data import make_arrays


def read(folder, arrays):
    np.savez(folder / "features.npz", **arrays)
    return read_features(folder / "features.npz")


@pytest.mark.parametrize("columns", [3, 8])
def test_reads_every_face_in_order_whatever_the_number_of_features(tmp_path, columns):
    arrays = make_arrays(columns=columns)
    faces = read(tmp_path, arrays)
    parts = ((faces.train, "train"), (faces.test, "test"), (faces.fallback, "fallback"))
    for table, split in parts:
        np.testing.assert_array_equal(table.drop(columns="target"), arrays[f"{split}_features"])
        np.testing.assert_array_equal(table["target"], arrays[f"{split}_classes"])
        assert table.shape[1] == columns + 1
    np.testing.assert_array_equal(faces.test_names, arrays["test_names"])
    np.testing.assert_array_equal(faces.fallback_names, arrays["fallback_names"])


def test_index_never_repeats_between_the_parts(tmp_path):
    faces = read(tmp_path, make_arrays())
    index = [*faces.train.index, *faces.test.index, *faces.fallback.index]
    assert len(set(index)) == len(index)


@pytest.mark.parametrize("part", ["train", "test", "fallback"])
def test_only_the_fallback_may_be_empty(tmp_path, part):
    arrays = make_arrays()
    for kind in ("features", "classes", "names"):
        arrays[f"{part}_{kind}"] = arrays[f"{part}_{kind}"][:0]
    if part == "fallback":
        assert len(read(tmp_path, arrays).fallback) == 0
    else:
        with pytest.raises(SystemExit, match=f"{part}_features"):
            read(tmp_path, arrays)


def test_missing_file_ends_with_its_name(tmp_path):
    with pytest.raises(SystemExit, match=r"none\.npz"):
        read_features(tmp_path / "none.npz")


def test_missing_array_is_named(tmp_path):
    arrays = make_arrays()
    del arrays["test_names"]
    with pytest.raises(SystemExit, match="test_names"):
        read(tmp_path, arrays)


@pytest.mark.parametrize("key", ["train_features", "train_classes", "test_names"])
def test_arrays_of_different_lengths_are_refused(tmp_path, key):
    arrays = make_arrays()
    arrays[key] = arrays[key][1:]
    with pytest.raises(SystemExit, match=key):
        read(tmp_path, arrays)


def test_different_numbers_of_features_are_refused(tmp_path):
    arrays = make_arrays()
    arrays["test_features"] = arrays["test_features"][:, 1:]
    with pytest.raises(SystemExit, match="8 features in train but 7 in test"):
        read(tmp_path, arrays)


def test_unknown_class_is_refused(tmp_path):
    arrays = make_arrays()
    arrays["test_classes"][0] = 7
    with pytest.raises(SystemExit, match="test_classes must hold whole numbers from 0 to 6"):
        read(tmp_path, arrays)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_feature_that_is_not_finite_is_refused_not_imputed(tmp_path, value):
    arrays = make_arrays()
    arrays["train_features"][4, 2] = value
    with pytest.raises(SystemExit, match="train_features is not finite for 1 faces"):
        read(tmp_path, arrays)


def test_what_is_written_is_read_again_and_no_partial_file_is_left(tmp_path):
    path, arrays = tmp_path / "features" / "cosine.npz", make_arrays()
    write_features(path, arrays)
    np.testing.assert_array_equal(read_features(path).test_names, arrays["test_names"])
    assert [file.name for file in path.parent.iterdir()] == ["cosine.npz"]


def test_training_faces_with_a_copy_in_test_are_left_out_and_no_other(tmp_path):
    arrays, path = make_arrays(), tmp_path / "features.npz"
    faces = read(tmp_path, arrays)
    copied = [*arrays["train_names"][[3, 100]], arrays["test_names"][0], "train/sad/unknown"]
    listed = tmp_path / "test_copies.csv"
    listed.write_text("\n".join(["name", *copied]) + "\n")
    kept = without_copies(faces, path, listed)
    rows = np.delete(np.arange(len(faces.train)), [3, 100])
    np.testing.assert_array_equal(kept.train.drop(columns="target"), arrays["train_features"][rows])
    assert kept.test is faces.test and kept.fallback is faces.fallback
