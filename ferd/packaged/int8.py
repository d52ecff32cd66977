"""Quantizes a network to int8, without overflow on processors that lack VNNI instructions."""

import tempfile
from pathlib import Path

import onnx
from onnxruntime.quantization import QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from ferd.export.onnx_quantization import FaceReader

OPERATORS = ("Conv", "Relu", "Add", "Mul", "GlobalAveragePool")


def to_int8(model, images, batch_size=64):
    """Quantizes weights by channel and activations by their range on the images.

    Weights have 7 bits (-64 to 63). With 8 the sum of two products can overflow the 16 bits
    that x86 processors without VNNI instructions have for it, and they predict something else.

    Args:
        model: `onnx.ModelProto` of `ferd.packaged.one_view.one_view`.
        images: uint8, shape `(faces, size, size)`: training faces.
        batch_size: Faces at a time; changes the memory use only.

    Returns:
        `onnx.ModelProto` of the same input and output, float32.

    Raises:
        ValueError: If there is no image.
    """
    if len(images) == 0:
        raise ValueError("quantizing needs faces to measure the ranges of activations on")
    with tempfile.TemporaryDirectory() as folder:
        plain, prepared = Path(folder, "plain.onnx"), Path(folder, "prepared.onnx")
        quantized = Path(folder, "quantized.onnx")
        # A path: of a model in memory, ONNX Runtime loses the weights.
        onnx.save(model, plain)
        quant_pre_process(plain, prepared, skip_symbolic_shape=True)
        quantize_static(
            prepared,
            quantized,
            FaceReader(images, batch_size),
            quant_format=QuantFormat.QOperator,
            op_types_to_quantize=list(OPERATORS),
            per_channel=True,
            reduce_range=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
        )
        return onnx.load(quantized)
