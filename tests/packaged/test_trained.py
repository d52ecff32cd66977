"""ferd.packaged.trained: which files the package contains."""

import pytest

from ferd.packaged.trained import better_compact, choose


def entry(size, accuracy, faces=10):
    return {"bytes": size, "validation": {"accuracy": accuracy, "faces": faces}}


def test_the_best_on_validation_below_the_limit_is_chosen():
    formats = {
        "keras": {"validation": {"accuracy": 1.0}, "bytes": 1},
        "onnx_float32": entry(10_000_000, 0.9),
        "onnx_float16": entry(9_999_999, 0.7),
        "onnx_int8": entry(4_000_000, 0.6),
        "tflite": entry(4_000_000, 0.8),
    }
    worse = {"onnx_int8": entry(1, 0.65)}
    exports = {"improved": {"formats": worse}, "cosine": {"formats": formats}}
    assert choose(exports, 10.0) == ("cosine", "onnx_float16")
    assert choose(exports, 10.1) == ("cosine", "onnx_float32")
    worse["onnx_int8"]["validation"]["accuracy"] = 0.91
    assert choose(exports, 10.1) == ("improved", "onnx_int8")


def test_networks_validated_on_different_faces_are_not_compared():
    exports = {
        "cosine": {"formats": {"onnx_int8": entry(1, 0.7, 10)}},
        "improved": {"formats": {"onnx_int8": entry(1, 0.8, 11)}},
    }
    with pytest.raises(SystemExit, match="validated on different faces"):
        choose(exports)


def test_of_equals_the_smallest_is_chosen():
    formats = {"onnx_float16": entry(8_000_000, 0.7), "onnx_int8": entry(4_000_000, 0.7)}
    assert choose({"cosine": {"formats": formats}}) == ("cosine", "onnx_int8")


def test_nothing_small_enough_is_an_error():
    with pytest.raises(SystemExit, match=r"no exported ONNX file is below 10\.0 MB"):
        formats = {"onnx_int8": entry(10_000_000, 0.7), "tflite": entry(5, 0.7)}
        choose({"cosine": {"formats": formats}})


def test_the_compact_network_that_is_better_on_public_test_is_chosen():
    assert better_compact({"compact": 0.7, "compact_gpu": 0.71}) == "compact_gpu"
    assert better_compact({"compact": 0.7, "compact_gpu": 0.7}) == "compact"
    with pytest.raises(SystemExit, match="dvc repro export@compact"):
        better_compact({})
