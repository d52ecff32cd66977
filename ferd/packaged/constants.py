"""Reads the constants of an ONNX graph."""

from onnx import numpy_helper


def constants_of(model):
    """All constants as arrays; weights stored in float16 become float32.

    Args:
        model: `onnx.ModelProto`.

    Returns:
        Dict of tensor name to array.
    """
    graph = model.graph
    found = {weight.name: numpy_helper.to_array(weight) for weight in graph.initializer}
    for node in graph.node:
        if node.op_type == "Cast" and node.input[0] in found:
            found[node.output[0]] = found[node.input[0]].astype("float32")
    return found
