"""ferd.export.onnx_export: ONNX predicts as Keras does; its bytes depend on the network only."""

import keras
import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from ferd.export.exported import answers, open_onnx
from ferd.export.onnx_export import canonical, halve, to_onnx
from ferd.training.core.batches import to_input
from tests.helpers.small_networks import SIZE, small_images, small_network

pytestmark = pytest.mark.slow

IMAGES = small_images()


@pytest.fixture(scope="module")
def network():
    return small_network()


@pytest.fixture(scope="module")
def exported(network):
    return to_onnx(network)


def ask(model, images=IMAGES, batch_size=4):
    return answers(open_onnx(model.SerializeToString()), images, batch_size)


@pytest.mark.parametrize("batch_size", [1, 4, 9])
def test_onnx_answers_as_keras_whatever_the_batch(network, exported, batch_size):
    expected = network.predict(to_input(IMAGES), verbose=0)
    assert np.ptp(expected, axis=0).max() > 0.01, "all faces alike would prove nothing"
    assert ask(exported, batch_size=batch_size) == pytest.approx(expected, abs=1e-5)


def test_input_and_output_are_named_and_the_batch_is_free(exported):
    found = [*exported.graph.input, *exported.graph.output]
    assert [value.name for value in found] == ["face", "probabilities"]
    shapes = [[d.dim_param or d.dim_value for d in v.type.tensor_type.shape.dim] for v in found]
    assert shapes == [["batch", SIZE, SIZE, 1], ["batch", 7]]


def renamed(model):
    """The model as another process might give it: other names, weights in another order."""
    other = onnx.ModelProto()
    other.CopyFrom(model)
    for node in other.graph.node:
        node.name += "_9"
        for names in (node.input, node.output):
            names[:] = [f"x{name}_9" for name in names]
    for value in (*other.graph.input, *other.graph.output, *other.graph.initializer):
        value.name = f"x{value.name}_9"
    weights = list(other.graph.initializer)[::-1]
    del other.graph.initializer[:]
    other.graph.initializer.extend(weights)
    return other


def test_bytes_do_not_depend_on_the_names_that_the_converter_gave(exported):
    other = renamed(exported)
    assert other.SerializeToString() != exported.SerializeToString()
    again = canonical(other, (SIZE, SIZE, 1), (7,))
    assert again.SerializeToString(deterministic=True) == exported.SerializeToString(
        deterministic=True
    )


def test_no_trace_of_the_process_is_left(network, exported):
    assert to_onnx(network).SerializeToString() == exported.SerializeToString()


def test_a_network_of_two_inputs_is_refused():
    inputs = [keras.Input((4, 4, 1)), keras.Input((4, 4, 1))]
    with pytest.raises(ValueError, match="not 2 inputs and 1 outputs"):
        to_onnx(keras.Model(inputs, keras.layers.Add()(inputs)))


def test_halved_weights_take_half_the_bytes_and_answer_nearly_the_same(exported):
    half = halve(exported)
    assert half.ByteSize() < 0.51 * exported.ByteSize()
    assert ask(half) == pytest.approx(ask(exported), abs=2e-3)
    assert not np.array_equal(ask(half), ask(exported))


def test_small_weights_stay_as_they_are(exported):
    kinds = {w.name: numpy_helper.to_array(w).dtype for w in halve(exported).graph.initializer}
    for weight in exported.graph.initializer:
        values = numpy_helper.to_array(weight)
        if values.size < 1024:
            assert kinds[weight.name] == values.dtype
        else:
            assert kinds[f"{weight.name}_float16"] == np.float16


def test_a_weight_beyond_float16_is_refused(exported):
    large = onnx.ModelProto()
    large.CopyFrom(exported)
    weight = max(large.graph.initializer, key=lambda weight: weight.ByteSize())
    values = numpy_helper.to_array(weight).copy()
    values.flat[0] = -70000
    weight.CopyFrom(numpy_helper.from_array(values, weight.name))
    with pytest.raises(ValueError, match="too large for float16: 70000"):
        halve(large)


def test_bytes_do_not_depend_on_which_branch_the_converter_put_first():
    inputs = keras.Input((4, 4, 1))
    left, right = (keras.layers.Conv2D(2, 1, name=name)(inputs) for name in ("left", "right"))
    answers = keras.layers.GlobalAveragePooling2D()(keras.layers.Add()([left, right]))
    first = to_onnx(keras.Model(inputs, answers))
    nodes = list(first.graph.node)
    branches = [number for number, node in enumerate(nodes) if node.op_type == "Conv"]
    assert len(branches) == 2
    other = onnx.ModelProto()
    other.CopyFrom(first)
    nodes[branches[0]], nodes[branches[1]] = nodes[branches[1]], nodes[branches[0]]
    del other.graph.node[:]
    other.graph.node.extend(nodes)
    assert other.SerializeToString() != first.SerializeToString()
    again = canonical(other, (4, 4, 1), (2,))
    assert again.SerializeToString(deterministic=True) == first.SerializeToString(
        deterministic=True
    )
