"""Joins ONNX networks into one that predicts the mean of their probabilities."""

import onnx
from onnx import TensorProto, helper


def average(models):
    """The mean prediction of networks, as one network.

    Args:
        models: `onnx.ModelProto` of the same input and output, two or more.

    Returns:
        `onnx.ModelProto` of that input and output.

    Raises:
        ValueError: If inputs or outputs differ in name or shape.
    """
    first = models[0].graph
    for model in models[1:]:
        if model.graph.input != first.input or model.graph.output != first.output:
            raise ValueError("networks to average need the same input and the same output")
    output = first.output[0].name
    nodes, weights, means = [], [], []
    for number, model in enumerate(models, 1):
        part = onnx.compose.add_prefix_graph(
            model.graph, f"network_{number}_", rename_inputs=False, rename_outputs=True
        )
        nodes, weights = [*nodes, *part.node], [*weights, *part.initializer]
        means.append(f"network_{number}_{output}")
    nodes.append(helper.make_node("Sum", means, ["sum"]))
    nodes.append(helper.make_node("Mul", ["sum", "share"], [output]))
    weights.append(helper.make_tensor("share", TensorProto.FLOAT, [1], [1 / len(models)]))
    made = helper.make_graph(nodes, "average", first.input, first.output, weights)
    return helper.make_model(
        made, opset_imports=models[0].opset_import, ir_version=models[0].ir_version
    )
