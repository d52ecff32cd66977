"""Edits of the package's networks: one view, the average, int8."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from ferd.packaged.average import average
from ferd.packaged.int8 import to_int8
from ferd.packaged.make import predict
from ferd.packaged.one_view import one_view
from tests.helpers.settings import REPO

MODELS = {
    name: onnx.load(REPO / f"ferd/models/{name}.onnx") for name in ("compact", "annotators", "ferd")
}
FACES = np.random.default_rng(3).integers(0, 256, (12, 48, 48), dtype=np.uint8)


def given(model, faces=FACES):
    return predict(model.SerializeToString(), faces)


@pytest.mark.parametrize("name", MODELS)
def test_the_mean_of_one_view_of_a_face_and_of_its_mirror_image_is_what_the_network_predicts(name):
    view = one_view(MODELS[name])
    onnx.checker.check_model(view)
    mean = (given(view) + given(view, FACES[:, :, ::-1])) / 2
    np.testing.assert_allclose(mean, given(MODELS[name]), atol=1e-5)


def test_one_view_sees_nothing_outside_of_the_middle_window():
    view, changed = one_view(MODELS["compact"]), FACES.copy()
    changed[:, :2], changed[:, -2:], changed[:, :, :2], changed[:, :, -2:] = 0, 0, 0, 0
    np.testing.assert_array_equal(given(view, changed), given(view))
    changed[:, 2] = 255 - changed[:, 2]
    assert not np.array_equal(given(view, changed), given(view))


def test_one_view_has_no_transpositions_and_nothing_but_convolutions_with_weights():
    kinds = {node.op_type for node in one_view(MODELS["compact"]).graph.node}
    assert "Conv" in kinds and not kinds & {"Transpose", "MatMul", "Cast", "ReduceMean"}


def test_a_graph_of_another_kind_is_refused():
    face = helper.make_tensor_value_info("face", TensorProto.FLOAT, ["batch", 48, 48, 1])
    out = helper.make_tensor_value_info("out", TensorProto.FLOAT, ["batch", 48, 48, 1])
    graph = helper.make_graph([helper.make_node("Relu", ["face"], ["out"])], "g", [face], [out])
    with pytest.raises(ValueError, match="no Conv or no Softmax"):
        one_view(helper.make_model(graph))


def test_the_average_predicts_the_mean():
    parts = [MODELS["compact"], MODELS["annotators"]]
    both = average(parts)
    onnx.checker.check_model(both)
    np.testing.assert_allclose(given(both), (given(parts[0]) + given(parts[1])) / 2, atol=1e-6)
    np.testing.assert_allclose(given(average([parts[0]] * 3)), given(parts[0]), atol=1e-6)


def test_networks_of_other_outputs_are_not_averaged():
    other = onnx.ModelProto()
    other.CopyFrom(MODELS["compact"])
    other.graph.output[0].type.tensor_type.shape.dim[1].dim_value = 8
    with pytest.raises(ValueError, match="the same output"):
        average([MODELS["compact"], other])


@pytest.fixture(scope="module")
def quantized():
    return to_int8(one_view(MODELS["compact"]), FACES)


def test_int8_predicts_nearly_the_same_and_the_same_again(quantized):
    plain = given(one_view(MODELS["compact"]))
    assert np.abs(given(quantized) - plain).max() < 0.2
    assert not np.array_equal(given(quantized), plain)
    again = to_int8(one_view(MODELS["compact"]), FACES)
    assert again.SerializeToString(deterministic=True) == quantized.SerializeToString(
        deterministic=True
    )


def test_the_sum_of_two_int8_products_fits_into_16_bits(quantized):
    """Processors without VNNI instructions saturate it otherwise and predict something else."""
    weights = [
        numpy_helper.to_array(one)
        for one in quantized.graph.initializer
        if one.data_type == TensorProto.INT8 and len(one.dims) == 4
    ]
    assert len(weights) > 10
    largest = max(np.abs(one.astype(int)).max() for one in weights)
    assert 2 * 255 * largest < 2**15


def test_int8_needs_faces():
    with pytest.raises(ValueError, match="needs faces"):
        to_int8(one_view(MODELS["compact"]), FACES[:0])
