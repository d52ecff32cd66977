"""ferd.export.onnx_quantization: int8 weights, predictions near float32's, reproducible bytes."""

import numpy as np
import pytest
from onnx import TensorProto

from ferd.export.exported import answers, open_onnx
from ferd.export.onnx_export import to_onnx
from ferd.export.onnx_quantization import FaceReader, quantize
from tests.helpers.small_networks import small_images, small_network

pytestmark = pytest.mark.slow

IMAGES = small_images(20)


@pytest.fixture(scope="module")
def plain():
    return to_onnx(small_network())


@pytest.fixture(scope="module")
def quantized(plain):
    return quantize(plain, IMAGES, batch_size=8)


def ask(model):
    return answers(open_onnx(model.SerializeToString()), IMAGES, 8)


def test_a_quarter_of_the_bytes_gives_nearly_the_same_answers(plain, quantized):
    assert quantized.ByteSize() < 0.27 * plain.ByteSize()
    change = np.abs(ask(quantized) - ask(plain)).max()
    assert 0 < change < 0.05


def test_kernels_are_int8_by_channel_and_the_softmax_is_not_quantized(quantized):
    kernels = [w for w in quantized.graph.initializer if w.data_type == TensorProto.INT8]
    large = [kernel for kernel in kernels if np.prod(kernel.dims) >= 64 * 9]
    assert len(large) == 7, "four convolutions and three dense layers"
    scales = {w.name: list(w.dims) for w in quantized.graph.initializer}
    assert [64] in scales.values() and [512] in scales.values()
    assert quantized.graph.node[-1].op_type == "Softmax"
    assert quantized.graph.output[0].name == "probabilities"


def test_the_same_faces_give_the_same_bytes(plain, quantized):
    again = quantize(plain, IMAGES, batch_size=20)
    assert again.SerializeToString() == quantized.SerializeToString()


def test_ranges_come_from_the_faces(plain, quantized):
    other = quantize(plain, IMAGES // 4)
    assert other.SerializeToString() != quantized.SerializeToString()


def test_the_reader_hands_every_face_out_once():
    reader = FaceReader(IMAGES, 8)
    batches = [reader.get_next()["face"] for _ in range(3)]
    assert reader.get_next() is None
    assert np.concatenate(batches)[..., 0] == pytest.approx(IMAGES / 255, abs=1e-6)


def test_no_face_is_refused(plain):
    with pytest.raises(ValueError, match="needs faces"):
        quantize(plain, IMAGES[:0])
