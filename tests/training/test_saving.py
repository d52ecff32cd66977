"""ferd.training.core.saving: equal weights give an equal file, whenever it is written."""

import re
import time
import zipfile

import keras
import numpy as np
import pytest

from ferd.training.core.saving import save_model


@pytest.fixture
def model():
    keras.utils.set_random_seed(0)
    layers = [keras.Input((4,)), keras.layers.Dense(3, "relu"), keras.layers.Dense(2)]
    return keras.Sequential(layers, name="small")


def both_configs(model, folder):
    """The config in our file and in Keras' own, and what our zip says of its entries."""
    save_model(model, folder / "m.keras")
    model.save(folder / "dated.keras")
    with (
        zipfile.ZipFile(folder / "m.keras") as ours,
        zipfile.ZipFile(folder / "dated.keras") as theirs,
    ):
        configs = (file.read("config.json").decode() for file in (ours, theirs))
        return *configs, ours.infolist()


def test_two_saves_at_different_times_are_byte_identical(model, tmp_path):
    save_model(model, tmp_path / "one.keras")
    model.save(tmp_path / "dated.keras")
    time.sleep(2.1)  # a zip counts in steps of two seconds
    save_model(model, tmp_path / "two.keras")
    model.save(tmp_path / "later.keras")
    one, two, dated, later = (
        (tmp_path / f"{name}.keras").read_bytes() for name in ("one", "two", "dated", "later")
    )
    assert one == two and dated != later


def test_other_weights_give_another_file(model, tmp_path):
    save_model(model, tmp_path / "m.keras")
    before = (tmp_path / "m.keras").read_bytes()
    model.set_weights([weight + 1 for weight in model.get_weights()])
    save_model(model, tmp_path / "m.keras")
    assert (tmp_path / "m.keras").read_bytes() != before


def test_a_saved_model_loads_back_with_equal_predictions(model, tmp_path):
    save_model(model, tmp_path / "new/folder/m.keras")
    loaded = keras.saving.load_model(tmp_path / "new/folder/m.keras")
    inputs = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")
    assert np.array_equal(loaded(inputs), model(inputs)) and loaded.name == "small"


def test_the_file_holds_what_keras_saves_under_one_fixed_date(model, tmp_path):
    ours, theirs, infos = both_configs(model, tmp_path)
    assert [info.filename for info in infos] == ["config.json", "metadata.json", "model.weights.h5"]
    assert {info.date_time for info in infos} == {(1980, 1, 1, 0, 0, 0)}
    without = [re.sub(r'"shared_object_id": \d+', "", config) for config in (ours, theirs)]
    assert without[0] == without[1]


def test_shared_objects_are_counted_from_1_instead_of_by_their_addresses(model, tmp_path):
    ours, theirs, _ = both_configs(model, tmp_path)
    numbers, addresses = (re.findall(r'"shared_object_id": (\d+)', c) for c in (ours, theirs))
    order = list(dict.fromkeys(addresses))
    assert numbers == [str(order.index(address) + 1) for address in addresses]
    assert len(addresses) > len(order) > 0


def test_saving_leaves_no_other_file_and_replaces_the_old_one(model, tmp_path):
    (tmp_path / "m.keras").write_bytes(b"old")
    save_model(model, str(tmp_path / "m.keras"))
    assert [path.name for path in tmp_path.iterdir()] == ["m.keras"]
    assert zipfile.is_zipfile(tmp_path / "m.keras")
