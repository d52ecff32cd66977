"""ferd.ensembles.penultimate: the features are the second dense layer's outputs, face by face."""

import keras
import numpy as np
import pytest

from ferd.ensembles.penultimate import feature_arrays, features_of
from ferd.networks.paper.paper_cnn import build_network
from ferd.training.core.batches import to_input
from tests.helpers.small_faces import make_faces, write_crops


@pytest.fixture(scope="module")
def model():
    return build_network(size=16, seed=1)


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(0).integers(0, 256, (7, 16, 16), dtype=np.uint8)


@pytest.fixture(scope="module")
def features(model, images):
    return features_of(model, images)


def test_a_face_has_256_float32_features_none_below_0(features):
    assert features.shape == (7, 256) and features.dtype == np.float32
    assert features.min() == 0 and features.max() > 0
    assert len({row.tobytes() for row in features}) == 7


def test_features_are_the_relu_of_the_second_dense_layer(model, images, features):
    # In inference dropout does nothing, so the layer's input is what batch norm gives.
    before = keras.Model(model.input, model.get_layer("dense_norm_1").output)
    kernel, bias = model.get_layer("dense_2").get_weights()
    expected = np.maximum(np.array(before(to_input(images))) @ kernel + bias, 0)
    assert np.abs(features - expected).max() < 1e-5


def test_the_rest_of_the_network_makes_its_predictions_from_the_features(model, images, features):
    x = features
    for name in ("dense_norm_2", "dense_dropout_2", "emotion"):
        x = model.get_layer(name)(x)
    assert np.abs(np.array(x) - np.array(model(to_input(images)))).max() < 1e-5


def test_the_number_of_faces_at_a_time_does_not_matter(model, images, features):
    assert np.abs(features_of(model, images, batch_size=3) - features).max() < 1e-5


def test_a_model_without_the_layer_is_refused(images):
    inputs = keras.Input((16, 16, 1))
    other = keras.Model(inputs, keras.layers.Flatten(name="flat")(inputs))
    with pytest.raises(ValueError, match="dense_2"):
        features_of(other, images)


def test_no_image_has_no_features(model, images):
    assert features_of(model, images[:0]).shape == (0, 256)


def test_arrays_hold_the_detected_faces_and_the_rest_of_test_whole(model, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    faces = {split: make_faces(seed=n, size=16, split=split) for n, split in SPLITS}
    write_crops(splits=faces)
    copy = faces["train"].names[faces["train"].found][0]
    (tmp_path / "data/test_copies.csv").write_text(f"name\n{copy}\n")
    arrays = feature_arrays(model, {"exclude_test_copies": True})
    train, test = faces["train"], faces["test"]
    assert list(arrays["train_names"]) == list(train.names[train.found][1:])
    assert list(arrays["test_names"]) == list(test.names[test.found])
    assert list(arrays["fallback_names"]) == list(test.names[~test.found])
    whole = features_of(model, test.images[~test.found])
    np.testing.assert_allclose(arrays["fallback_features"], whole, atol=1e-5)
    everyone = feature_arrays(model, {"exclude_test_copies": False})
    assert len(everyone["train_names"]) == len(arrays["train_names"]) + 1


SPLITS = ((1, "test"), (2, "train"))
