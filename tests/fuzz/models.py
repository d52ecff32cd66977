"""Models that ask for something odd, and odd values in the JSON file beside a model."""

import onnx
from onnx import helper, numpy_helper

VALUES = (
    *(None, True, 0, -1, 1e-310, 1e308, float("nan"), float("inf"), 2**70, "", "\0", "\x1b[2J"),
    *([], [[]], {}, {"left": 1e308}, [0] * 1000, ["happy"] * 7, "a" * 100_000, [2**70]),
)
KEYS = (
    "sha256",
    "classes",
    "size",
    "temperature",
    "crop_levels",
    "framing",
    "metrics",
    "\x1b",
    "x",
)
OPERATORS = (
    "Reshape",
    "Tile",
    "Expand",
    "ConstantOfShape",
    "Squeeze",
    "Transpose",
    "Nothing",
    "\x1b",
)
SHAPES = ([5, 7], [-1], [0, 0], [-5, 7], [2**40], [2**62, 2**62], [1] * 60, [])


def other_fact(generator):
    """A value for one key."""
    return {generator.choice(KEYS): generator.choice(VALUES)}


def other_node(generator, whole):
    """The model with a node before its last one, or with one that is changed."""
    model = onnx.load_from_string(whole)
    nodes = model.graph.node
    way = generator.choice(("put", "put", "operator", "input", "output", "loop"))
    node = generator.choice(nodes)
    if way == "put":
        _put(generator, model.graph)
    elif way == "operator":
        node.op_type = generator.choice(OPERATORS)
    elif way == "loop":  # a node that needs its own result
        node.input[0] = node.output[0]
    else:
        names = node.input if way == "input" else node.output
        names[generator.randrange(len(names))] = generator.choice(("", "no", "\x1b[2J", "scores"))
    return model.SerializeToString()


def _put(generator, graph):
    shape = numpy_helper.from_array(_int64(generator.choice(SHAPES)), "odd")
    graph.initializer.append(shape)
    operator = generator.choice(OPERATORS)
    inputs = ["odd"] if operator == "ConstantOfShape" else ["scores", "odd"]
    last = graph.node[-1]
    last.input[0] = "changed"
    graph.node.insert(len(graph.node) - 1, helper.make_node(operator, inputs, ["changed"]))


def _int64(values):
    import numpy as np

    return np.array(values, "int64")
