"""Models and their JSON files that are broken on purpose: one plain line each."""

import json
import os
import sys

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from ferd.cli.main import main
from ferd.inference import load_check
from ferd.inference.classifier import Classifier
from ferd.inference.onnx_network import ModelError, OnnxNetwork
from tests.helpers.predicting import SIZE, save, write_facts, write_model
from tests.inference.test_onnx_network import refusal


def written(path, nodes, constants=()):
    """Writes a model of other nodes, from `faces` to `answers`, and its JSON file."""
    inputs = [helper.make_tensor_value_info("faces", TensorProto.FLOAT, ("batch", SIZE, SIZE, 1))]
    outputs = [helper.make_tensor_value_info("answers", TensorProto.FLOAT, ("batch", 7))]
    graph = helper.make_graph(nodes, "odd", inputs, outputs, list(constants))
    model = helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)])
    onnx.save(model, path)
    write_facts(path)
    return path


def constant(name, values):
    return onnx.numpy_helper.from_array(np.array(values), name)


def nan_where_bright(path):
    """A model whose outputs are 1/7 for a black face, as at loading, and NaN for others."""
    nodes = [
        helper.make_node("ReduceSum", ["faces", "axes"], ["sum"], keepdims=0),
        helper.make_node("Unsqueeze", ["sum", "last"], ["column"]),
        helper.make_node("Neg", ["column"], ["negative"]),
        helper.make_node("Sqrt", ["negative"], ["root"]),
        helper.make_node("Add", ["root", "seventh"], ["answers"]),
    ]
    seventh = constant("seventh", np.full((1, 7), 1 / 7, "float32"))
    return written(path, nodes, [constant("axes", [1, 2, 3]), constant("last", [1]), seventh])


def test_a_model_that_gives_nan_is_refused(tmp_path):
    network = OnnxNetwork(nan_where_bright(tmp_path / "nan.onnx"))
    assert np.allclose(network.probabilities(np.zeros((1, SIZE, SIZE), "uint8")), 1 / 7)
    for call in (network.probabilities, network.calibrated):
        with pytest.raises(ModelError, match=r"nan\.onnx: its outputs are .* \(NaN\)$"):
            call(np.full((1, SIZE, SIZE), 9, "uint8"))


def test_the_command_ends_with_that_line(tmp_path):
    path = nan_where_bright(tmp_path / "nan.onnx")
    save(tmp_path / "a.png")
    with pytest.raises(SystemExit, match="NaN"):
        main(["predict", "--model", str(path), "--whole-image", str(tmp_path / "a.png")])


def test_a_model_whose_reshape_fails_is_refused(tmp_path):
    nodes = [helper.make_node("Reshape", ["faces", "shape"], ["answers"])]
    path = written(tmp_path / "shape.onnx", nodes, [constant("shape", [5, 7])])
    assert "cannot" in refusal(path)


@pytest.mark.parametrize("temperature", [1e-310, 0.0009, 1e300, float("nan"), -1, True, "1"])
def test_a_temperature_without_sense_is_refused(temperature, tmp_path):
    path = write_model(tmp_path / "tiny.onnx", temperature=temperature)
    assert "'temperature' is" in refusal(path)


def test_calibrated_probabilities_are_numbers_at_the_lowest_and_highest_temperature(tmp_path):
    for temperature in (0.001, 1000):
        network = OnnxNetwork(write_model(tmp_path / "tiny.onnx", temperature=temperature))
        images = np.random.default_rng(0).integers(0, 256, (5, SIZE, SIZE), dtype=np.uint8)
        assert np.allclose(network.calibrated(images).sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize(
    "text, reason",
    [
        ("[" * 100_000, "nested too deeply"),
        ('{"metrics": ' * 100_000, "nested too deeply"),
        ("{", "is not JSON"),
        ("\x00", "is not JSON"),
        ("null", "holds no object"),
        (" " * 10_000_001, "more than 10,000,000 bytes"),
        (json.dumps({"sha256": "x", "classes": ["a" * 5000]}), "'classes' is"),
        ('{"sha256": "x", "size": ' + "9" * 5000 + "}", "is not JSON"),
    ],
)
def test_json_that_is_broken_or_deep_is_one_short_line(text, reason, tmp_path):
    path = write_model(tmp_path / "tiny.onnx")
    path.with_suffix(".json").write_text(text)
    message = refusal(path)
    assert reason in message and len(message) < 500 + len(str(tmp_path))


def test_values_outside_the_model_file_are_refused(tmp_path, monkeypatch):
    """The sha256 in the JSON file covers the model file alone."""
    whole = onnx.load(write_model(tmp_path / "tiny.onnx"))
    path = tmp_path / "apart.onnx"
    onnx.save_model(
        whole, path, save_as_external_data=True, location="values.bin", size_threshold=0
    )
    write_facts(path)
    monkeypatch.chdir(tmp_path)
    assert "has values in other files" in refusal(path)
    monkeypatch.setattr("ferd.inference.model_file.EXTERNAL", b"\0never\0")
    assert "External data" in refusal(path)


def test_a_model_that_is_a_pipe_or_has_a_nul_in_its_name_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.onnx")
    assert "is no file" in refusal(tmp_path / "pipe.onnx")
    with pytest.raises(ModelError, match="null byte"):
        OnnxNetwork("a\0b.onnx")


def endless(path, rounds):
    """A model that does nothing many times, and predicts 1/7 for each class."""
    body_inputs = [
        helper.make_tensor_value_info("number", TensorProto.INT64, ()),
        helper.make_tensor_value_info("on", TensorProto.BOOL, ()),
        helper.make_tensor_value_info("before", TensorProto.FLOAT, ("batch", 7)),
    ]
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["on"], ["still_on"]),
            helper.make_node("Identity", ["before"], ["after"]),
        ],
        "body",
        body_inputs,
        [
            helper.make_tensor_value_info("still_on", TensorProto.BOOL, ()),
            helper.make_tensor_value_info("after", TensorProto.FLOAT, ("batch", 7)),
        ],
    )
    nodes = [
        *SEVENTH_NODES[:-1],
        helper.make_node("Add", ["none", "seventh"], ["first"]),
        helper.make_node("Loop", ["many", "yes", "first"], ["answers"], body=body),
    ]
    many = constant("many", np.int64(rounds))
    return written(path, nodes, [many, constant("yes", True), *SEVENTH])


def huge(path, gigabytes):
    """A model that fills gigabytes with zeros, then predicts 1/7 for each class."""
    nodes = [
        helper.make_node("ConstantOfShape", ["shape"], ["zeros"]),
        helper.make_node("ReduceMax", ["zeros"], ["zero"], keepdims=0),
        *SEVENTH_NODES[:-1],
        helper.make_node("Add", ["none", "seventh"], ["nearly"]),
        helper.make_node("Add", ["nearly", "zero"], ["answers"]),
    ]
    return written(path, nodes, [constant("shape", [int(gigabytes * 2**28)]), *SEVENTH])


SEVENTH = [
    constant("axes", [1, 2, 3]),
    constant("last", [1]),
    constant("nothing", np.zeros((1, 1), "float32")),
    constant("seventh", np.full((1, 7), 1 / 7, "float32")),
]
SEVENTH_NODES = [
    helper.make_node("ReduceSum", ["faces", "axes"], ["sum"], keepdims=0),
    helper.make_node("Unsqueeze", ["sum", "last"], ["column"]),
    helper.make_node("Mul", ["column", "nothing"], ["none"]),
    helper.make_node("Add", ["none", "seventh"], ["answers"]),
]


def loading(path):
    """The one line of the exception that loading a classifier raises."""
    with pytest.raises(ModelError) as error:
        Classifier.load(path, detector="dlib")
    return str(error.value)


@pytest.mark.parametrize("name", [".", os.devnull])
def test_a_folder_or_a_device_as_a_model_is_one_short_line(name):
    assert loading(name) == f"{name}: the model cannot be read (it is no file)"


def test_a_model_that_runs_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(load_check, "LOAD_SECONDS", 0.5)
    assert "takes more than 0.5 seconds" in loading(endless(tmp_path / "loop.onnx", 2**62))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the limit is Linux's")
def test_a_model_that_takes_too_much_memory_is_refused(tmp_path):
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    assert "ONNX Runtime cannot" in loading(huge(tmp_path / "huge.onnx", 16))
    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_the_same_models_are_used_within_the_limits(tmp_path):
    """So that the tests above end for the right reason."""
    for path in (huge(tmp_path / "huge.onnx", 0.001), endless(tmp_path / "loop.onnx", 3)):
        network = Classifier.load(path, detector="dlib").network
        assert np.allclose(network.probabilities(np.zeros((1, SIZE, SIZE), "uint8")), 1 / 7)


def test_help_says_whose_models_to_use(capsys):
    for command in ("predict", "evaluate", "serve"):
        with pytest.raises(SystemExit):
            main([command, "--help"])
        assert "people whom you trust" in " ".join(capsys.readouterr().out.split())
