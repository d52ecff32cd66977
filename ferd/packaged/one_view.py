"""Takes the test-time augmentation out of an exported residual network: one view of a face is left.

The graph is also written anew, channels first throughout: channel attention by 1x1 convolutions in
place of transpositions and matrix products, which int8 kernels do not take.
"""

import numpy as np
from onnx import helper, numpy_helper

from ferd.packaged.constants import constants_of

AXES = "spatial_axes"
NO_OPERATION = {"Cast", "Transpose", "Squeeze"}


def one_view(model):
    """The same network, which predicts from the middle window of a face alone.

    Args:
        model: `onnx.ModelProto` of `ferd.export.official_export.viewed` for a residual network:
            one window, or it and its mirror image.

    Returns:
        `onnx.ModelProto` of the same input and output, float32.

    Raises:
        ValueError: If the graph has no convolution or no softmax.
    """
    graph, constants = model.graph, constants_of(model)
    kinds = [node.op_type for node in graph.node]
    if not {"Conv", "Softmax"} <= set(kinds):
        raise ValueError("the graph is not one of a residual network: no Conv or no Softmax")
    first, last = kinds.index("Conv"), kinds.index("Softmax")
    trunk = Trunk(graph.node[first:last], constants)
    before = _window(graph, graph.node[first].input[0])
    after = _ending(trunk.name_of(graph.node[last].input[0]), graph.output[0].name)
    kept = {name: value for name, value in constants.items() if name in trunk.inputs()}
    kept |= trunk.constants | _head_constants(graph, constants)
    tensors = [numpy_helper.from_array(np.ascontiguousarray(v), k) for k, v in kept.items()]
    nodes = [*before, *trunk.nodes, *after]
    made = helper.make_graph(nodes, "one_view", graph.input, graph.output, tensors)
    return helper.make_model(made, opset_imports=model.opset_import, ir_version=model.ir_version)


class Trunk:
    """The nodes from the first convolution to the logits, channels first.

    Args:
        nodes: Those of the exported graph, in order.
        constants: Dict of name to array.

    Attributes:
        nodes: The new ones.
        constants: Weights of the 1x1 convolutions.
    """

    def __init__(self, nodes, constants):
        self.nodes, self.constants = [], {}
        self._alias, self._given = {}, constants
        self._makers = {name: node.op_type for node in nodes for name in node.output}
        self._readers = {name: node for node in nodes for name in node.input}
        for node in nodes:
            self._add(node)

    def name_of(self, tensor):
        """The tensor that stands for one of the exported graph."""
        while tensor in self._alias:
            tensor = self._alias[tensor]
        return tensor

    def inputs(self):
        """Names of all tensors that the nodes read."""
        return {name for node in self.nodes for name in node.input}

    def _add(self, node):
        made_by = self._makers.get(node.input[0])
        if node.op_type in NO_OPERATION or self._is_flat(node):
            self._alias[node.output[0]] = node.input[0]
        elif node.op_type == "MatMul":
            self._add_convolution(node)
        elif not (node.op_type == "Add" and made_by == "MatMul"):
            copied = type(node)()
            copied.CopyFrom(node)
            copied.input[:] = [self.name_of(name) for name in node.input]
            self.nodes.append(copied)

    def _is_flat(self, node):
        """Whether a node only reshapes the means of the channels."""
        return node.op_type == "Reshape" and self._makers[node.input[0]] == "GlobalAveragePool"

    def _add_convolution(self, node):
        """A dense layer over the channels (MatMul, then Add) as a 1x1 convolution."""
        add, name = self._readers[node.output[0]], node.output[0]
        bias = next(one for one in add.input if one != name)
        weights = self._given[node.input[1]]
        weights = weights.reshape(weights.shape[-2:]).T[:, :, None, None]
        self.constants |= {f"{name}_weights": weights, f"{name}_bias": self._given[bias].ravel()}
        inputs = [self.name_of(node.input[0]), f"{name}_weights", f"{name}_bias"]
        self.nodes.append(helper.make_node("Conv", inputs, add.output, kernel_shape=[1, 1]))


def _window(graph, target):
    """Nodes that cut the middle window out of a face: `(batch, size, size, 1)`, channels first."""
    face = graph.input[0].name
    return [
        helper.make_node("Reshape", [face, "face_shape"], ["face_channels_first"]),
        helper.make_node(
            "Slice", ["face_channels_first", "window_starts", "window_ends", AXES], [target]
        ),
    ]


def _ending(logits, output):
    return [
        helper.make_node("Squeeze", [logits, AXES], ["logits"]),
        helper.make_node("Softmax", ["logits"], [output], axis=-1),
    ]


def _head_constants(graph, constants):
    """Shape of a face, and the window's place, from the first Slice of the exported graph."""
    cut = next(node for node in graph.node if node.op_type == "Slice")
    size = graph.input[0].type.tensor_type.shape.dim[1].dim_value
    return {
        "face_shape": np.array([-1, 1, size, size], "int64"),
        "window_starts": constants[cut.input[1]][1:].astype("int64"),
        "window_ends": constants[cut.input[2]][1:].astype("int64"),
        AXES: np.array([2, 3], "int64"),
    }
