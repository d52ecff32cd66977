"""Converts a Keras network to ONNX; the same weights always give the same bytes.

tf2onnx, which Keras' `export` calls, numbers tensors in the order of Python's sets, which differs
between processes, and so does its order of branches. Here nodes are in the order in which the
output needs them, and tensors are named by their position in the graph.
"""

import tempfile
from pathlib import Path

import keras
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

INPUT, OUTPUT = "face", "probabilities"
FLOAT16_MAX = float(np.finfo("float16").max)


def to_onnx(model):
    """Converts a network.

    Args:
        model: `keras.Model` of one input `(batch, size, size, 1)` and one output
            `(batch, classes)`, both float32.

    Returns:
        `onnx.ModelProto` of the input `face` and the output `probabilities`, of the same shapes,
        with a free dimension `batch`.

    Raises:
        ValueError: If the model has other inputs or outputs.
    """
    if len(model.inputs) != 1 or len(model.outputs) != 1:
        counts = f"{len(model.inputs)} inputs and {len(model.outputs)} outputs"
        raise ValueError(f"a network to export has one input and one output, not {counts}")
    signature = [keras.InputSpec(shape=model.input_shape, dtype="float32", name=INPUT)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.onnx")
        model.export(path, format="onnx", verbose=False, input_signature=signature)
        converted = onnx.load(path)
    return canonical(converted, model.input_shape[1:], model.output_shape[1:])


def canonical(model, input_shape, output_shape):
    """The same graph with tensors named and weights ordered by their first use.

    Args:
        model: `onnx.ModelProto` of one input and one output.
        input_shape, output_shape: Without the batch.

    Returns:
        `onnx.ModelProto`.
    """
    graph = model.graph
    names = {"": "", graph.input[0].name: INPUT, graph.output[0].name: OUTPUT}
    stored, weights = {weight.name: weight for weight in graph.initializer}, []
    ordered = _by_use(graph)
    for number, node in enumerate(ordered, 1):
        for name in node.input:
            if name not in names:
                weights.append(numpy_helper.from_array(numpy_helper.to_array(stored[name])))
                names[name] = weights[-1].name = f"weights_{len(weights)}"
        for name in node.output:
            names.setdefault(name, f"{node.op_type.lower()}_{number}")
    inputs = [_describe(INPUT, input_shape)]
    outputs = [_describe(OUTPUT, output_shape)]
    nodes = [_rename(node, names) for node in ordered]
    named = helper.make_graph(nodes, "ferd", inputs, outputs, weights)
    opsets = [opset for opset in model.opset_import if opset.domain == ""]
    result = helper.make_model(
        named, ir_version=model.ir_version, opset_imports=opsets, producer_name="ferd"
    )
    onnx.checker.check_model(result, full_check=True)
    return result


def halve(model, at_least=1024):
    """Stores large weights in float16, in half the bytes; arithmetic stays float32.

    ONNX Runtime converts the weights back once, when it loads the model.

    Args:
        model: `onnx.ModelProto` with weights in float32.
        at_least: Smallest size of a weight array that is stored so.

    Returns:
        `onnx.ModelProto`.

    Raises:
        ValueError: If a weight is larger than float16 can hold.
    """
    result = onnx.ModelProto()
    result.CopyFrom(model)
    casts = []
    for weight in result.graph.initializer:
        values = numpy_helper.to_array(weight)
        if values.dtype != np.float32 or values.size < at_least:
            continue
        if np.abs(values).max() > FLOAT16_MAX:
            raise ValueError(f"{weight.name} is too large for float16: {np.abs(values).max()}")
        name = weight.name
        weight.CopyFrom(numpy_helper.from_array(values.astype("float16"), f"{name}_float16"))
        casts.append(helper.make_node("Cast", [weight.name], [name], name, to=TensorProto.FLOAT))
    nodes = [*casts, *result.graph.node]
    del result.graph.node[:]
    result.graph.node.extend(nodes)
    onnx.checker.check_model(result, full_check=True)
    return result


def _describe(name, shape):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", *shape])


def _by_use(graph):
    """The nodes in the order in which the output needs them, which is unique.

    tf2onnx orders two branches at random.
    """
    makers = {name: node for node in graph.node for name in node.output}
    ordered, placed, waiting = [], set(), [makers[graph.output[0].name]]
    while waiting:
        node = waiting[-1]
        missing = [makers[name] for name in node.input if name in makers and name not in placed]
        if missing:
            waiting.append(missing[0])
            continue
        waiting.pop()
        if node.output[0] not in placed:
            ordered.append(node)
            placed.update(node.output)
    return ordered


def _rename(node, names):
    result = onnx.NodeProto()
    result.CopyFrom(node)
    del result.input[:], result.output[:], result.attribute[:]
    result.input.extend(names[name] for name in node.input)
    result.output.extend(names[name] for name in node.output)
    result.attribute.extend(sorted(node.attribute, key=lambda attribute: attribute.name))
    result.name = result.output[0]
    result.ClearField("doc_string")
    return result
