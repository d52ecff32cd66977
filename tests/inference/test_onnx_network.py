"""ferd.inference.onnx_network: probabilities, calibration, and the refusal of damaged files."""

import numpy as np
import onnxruntime
import pytest

from ferd.classes import CLASSES
from ferd.imaging.framing import Framing
from ferd.inference.onnx_network import ModelError, OnnxNetwork
from tests.helpers.predicting import PRIOR, SIZE, weights, write_facts, write_model

IMAGES = np.random.default_rng(5).integers(0, 256, (9, SIZE, SIZE), dtype=np.uint8)


@pytest.fixture
def path(tmp_path):
    return write_model(tmp_path / "tiny.onnx")


def softmax(scores):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def scores(images):
    matrix, biases = weights()
    return images.reshape(len(images), -1) / 255.0 @ matrix + biases


def refusal(path):
    """The one line of the exception that loading a model raises."""
    with pytest.raises(ModelError) as error:
        OnnxNetwork(path)
    message = str(error.value)
    assert isinstance(error.value, ValueError) and "\n" not in message
    assert path.stem in message
    return message


def test_probabilities_are_those_of_gray_levels_over_255(path):
    answers = OnnxNetwork(path).probabilities(IMAGES)
    assert answers.dtype == np.float32
    assert answers == pytest.approx(softmax(scores(IMAGES)), abs=1e-4)


def test_calibration_divides_the_logits_by_the_temperature(path):
    network = OnnxNetwork(path)
    answers = network.calibrated(IMAGES)
    assert network.temperature == 1.5 and answers.dtype == np.float32
    assert answers == pytest.approx(softmax(scores(IMAGES) / 1.5), abs=1e-4)
    assert (answers.argmax(axis=1) == network.probabilities(IMAGES).argmax(axis=1)).all()
    assert not np.allclose(answers, network.probabilities(IMAGES), atol=0.01)


def test_a_temperature_of_1_changes_nothing(tmp_path):
    network = OnnxNetwork(write_model(tmp_path / "tiny.onnx", temperature=1))
    assert network.calibrated(IMAGES) == pytest.approx(network.probabilities(IMAGES), abs=1e-6)


@pytest.mark.parametrize("batch_size", [1, 2, 9, 64])
def test_batches_do_not_matter(path, batch_size):
    network = OnnxNetwork(path, threads=1)
    whole = network.probabilities(IMAGES, batch_size=9)
    assert network.probabilities(IMAGES, batch_size) == pytest.approx(whole, abs=1e-6)


def test_no_images_give_no_rows(path):
    network = OnnxNetwork(path)
    assert network.calibrated(IMAGES[:0]).shape == network.probabilities(IMAGES[:0]).shape == (0, 7)


@pytest.mark.parametrize(
    "images", [IMAGES / 255, IMAGES[0], IMAGES[:, :40], IMAGES[..., np.newaxis]], ids=str
)
def test_images_of_another_type_or_shape_are_refused(path, images):
    with pytest.raises(ValueError, match=r"must be uint8 \(faces, 48, 48\)"):
        OnnxNetwork(path).probabilities(images)


def test_a_batch_size_of_0_is_refused(path):
    with pytest.raises(ValueError, match="batch_size is 0"):
        OnnxNetwork(path).probabilities(IMAGES, 0)


def test_what_stands_beside_the_model_is_kept(tmp_path):
    turned = list(CLASSES[::-1])
    facts = {"classes": turned, "crop_levels": [1, 2], "metrics": {"accuracy": 0.6}}
    network = OnnxNetwork(write_model(tmp_path / "tiny.onnx", **facts))
    assert network.classes == tuple(turned) and network.crop_levels == (1, 2)
    assert network.metrics == {"accuracy": 0.6} and network.size == SIZE
    assert network.framing == Framing(0, 0, 1, 1)


def test_framing_beside_the_model_is_kept(tmp_path):
    sides = {"left": -0.5, "top": 0, "right": 1, "bottom": 1.25}
    network = OnnxNetwork(write_model(tmp_path / "tiny.onnx", framing=sides))
    assert network.framing == Framing(-0.5, 0, 1, 1.25)


@pytest.mark.parametrize("happy", [0.3, 0.2995, 0.3005])
def test_the_networks_own_prior_is_kept_and_optional(tmp_path, happy):
    own = dict(reversed(PRIOR.items())) | {"happy": happy}
    assert OnnxNetwork(write_model(tmp_path / "tiny.onnx", prior=own)).prior == own
    for facts in ({}, {"prior": None}):
        assert OnnxNetwork(write_model(tmp_path / "tiny.onnx", **facts)).prior is None


def test_a_missing_model_or_missing_facts_are_named(tmp_path, path):
    assert refusal(tmp_path / "none.onnx").endswith("cannot be read (No such file or directory)")
    path.with_suffix(".json").unlink()
    assert "tiny.json" in refusal(path)


def test_a_model_that_changed_by_one_byte_is_refused_before_it_is_loaded(path, monkeypatch):
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    monkeypatch.setattr(onnxruntime, "InferenceSession", lambda *_, **__: pytest.fail("was loaded"))
    assert refusal(path).endswith("is not the model that tiny.json describes (sha256)")


@pytest.mark.parametrize("content", [b"", b"not a model", b"\x08\x08garbage" * 50])
def test_a_file_that_is_no_model_is_refused_though_its_hash_is_right(tmp_path, content):
    path = tmp_path / "other.onnx"
    path.write_bytes(content)
    write_facts(path)
    assert "ONNX Runtime cannot load it" in refusal(path)


def test_a_model_cut_in_half_is_refused_though_its_hash_is_right(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    write_facts(path)
    assert "ONNX Runtime cannot load it" in refusal(path)


@pytest.mark.parametrize("shape", [("batch", 40, 40, 1), ("batch", 48, 48), (1, 48, 48, 1)])
def test_other_shapes_are_refused(tmp_path, shape):
    message = refusal(write_model(tmp_path / "tiny.onnx", shape=shape))
    assert "they must be float (batch, 48, 48, 1) and (batch, 7)" in message


def test_a_model_without_softmax_is_refused(tmp_path):
    message = refusal(write_model(tmp_path / "tiny.onnx", softmax=False))
    assert "its outputs are no probabilities" in message


@pytest.mark.parametrize(
    "key, value",
    [
        ("sha256", 5),
        ("classes", list(CLASSES[:6])),
        ("classes", [*CLASSES[:6], "bored"]),
        ("classes", None),
        ("size", 0),
        ("size", 48.0),
        ("size", True),
        ("temperature", 0),
        ("temperature", -1.0),
        ("temperature", float("nan")),
        ("temperature", float("inf")),
        ("temperature", "1.5"),
        ("crop_levels", []),
        ("crop_levels", [4]),
        ("crop_levels", 1),
        ("framing", {"left": 0, "top": 0, "right": 1}),
        ("framing", {"left": 0.1, "top": 0, "right": 1, "bottom": 1}),
        ("framing", {"left": 0, "top": 0, "right": 0.9, "bottom": 1}),
        ("framing", {"left": "0", "top": 0, "right": 1, "bottom": 1}),
        ("metrics", None),
        ("prior", 1),
        ("prior", [1 / 7] * 7),
        ("prior", {"happy": 1.0}),
        ("prior", PRIOR | {"bored": 0.1}),
        ("prior", PRIOR | {"happy": 0.302}),
        ("prior", PRIOR | {"happy": 0.0, "sad": 0.4}),
        ("prior", PRIOR | {"happy": -0.3, "sad": 0.7}),
        ("prior", PRIOR | {"happy": float("nan")}),
        ("prior", PRIOR | {"happy": "0.3"}),
        ("prior", PRIOR | {"happy": 5e-324, "sad": 0.4}),
    ],
)
def test_a_wrong_fact_is_named(tmp_path, key, value):
    message = refusal(write_model(tmp_path / "tiny.onnx", **{key: value}))
    assert f"'{key}' is {value!r}; it must be " in message


@pytest.mark.parametrize("text", ["", "{", "[]", "7", "\x00", '{"sha256": '])
def test_facts_that_are_no_json_object_are_refused(path, text):
    path.with_suffix(".json").write_text(text)
    assert "tiny.json" in refusal(path)


def test_facts_that_are_not_text_are_refused(path):
    path.with_suffix(".json").write_bytes(b"\x80\x04\x95\xff\xfe")
    assert "is not JSON" in refusal(path)
