"""Quantizes an ONNX network to int8; the value ranges are measured on training faces."""

import tempfile
from pathlib import Path

import onnx
from onnxruntime.quantization import (
    CalibrationDataReader,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process

from ferd.export.onnx_export import INPUT
from ferd.training.core.batches import to_input

# Batch norm (Mul, Add) and the softmax stay in float32: in 8 bits they change many predictions and
# save little time, and a probability would have two digits.
OPERATORS = ("Conv", "MatMul", "Relu", "MaxPool")


def quantize(model, images, batch_size=64):
    """Quantizes weights by channel to int8 and activations to uint8 by their range on the images.

    On x86 processors without VNNI instructions sums of such products may overflow, so predictions
    differ from those measured here.

    Args:
        model: `onnx.ModelProto` of `ferd.export.onnx_export.to_onnx`.
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
        prepared, quantized = Path(folder, "prepared.onnx"), Path(folder, "quantized.onnx")
        quant_pre_process(model, prepared, skip_optimization=True, skip_symbolic_shape=True)
        quantize_static(
            prepared,
            quantized,
            FaceReader(images, batch_size),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=list(OPERATORS),
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
        )
        return onnx.load(quantized)


class FaceReader(CalibrationDataReader):
    """Gives faces to ONNX Runtime's calibration, batch by batch.

    Args:
        images, batch_size: As in `quantize`.
    """

    def __init__(self, images, batch_size):
        starts = range(0, len(images), batch_size)
        self._batches = (to_input(images[start : start + batch_size]) for start in starts)

    def get_next(self):
        """The next batch as `{input: values}`; None after the last."""
        batch = next(self._batches, None)
        return None if batch is None else {INPUT: batch}
