"""A tiny ONNX classifier, photos of sketch faces on a larger canvas, and small videos."""

import hashlib
import json
import os
import signal
import sys
from pathlib import Path

import cv2
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from ferd.classes import CLASSES
from tests.helpers.sketches import face

REPO = Path(__file__).resolve().parents[2]
SIZE = 48
FACTS = {
    "classes": list(CLASSES),
    "size": SIZE,
    "temperature": 1.5,
    "crop_levels": [0, 1, 2, 3],
    "metrics": {},
}
# A network's own class shares, for the optional key `prior`.
PRIOR = dict(zip(CLASSES, (0.2, 0.02, 0.1, 0.3, 0.2, 0.1, 0.08), strict=True))


def weights(seed=0):
    """The tiny classifier's weights `(2304, 7)` and biases `(7,)`: class scores are their sums."""
    generator = np.random.default_rng(seed)
    matrix = generator.normal(0, 0.1, (SIZE * SIZE, 7)).astype("float32")
    return matrix, -0.5 * matrix.sum(axis=0)


def write_model(path, shape=("batch", SIZE, SIZE, 1), softmax=True, **facts):
    """Writes the tiny classifier to `path` and, beside it, its JSON file."""
    matrix, biases = weights()
    matrix = matrix[: int(np.prod(shape[1:]))]
    nodes = [
        helper.make_node("Flatten", ["faces"], ["flat"], axis=1),
        helper.make_node("Gemm", ["flat", "matrix", "biases"], ["scores"]),
        helper.make_node("Softmax" if softmax else "Identity", ["scores"], ["answers"]),
    ]
    inputs = [helper.make_tensor_value_info("faces", TensorProto.FLOAT, shape)]
    outputs = [helper.make_tensor_value_info("answers", TensorProto.FLOAT, (shape[0], 7))]
    constants = [
        numpy_helper.from_array(matrix, "matrix"),
        numpy_helper.from_array(biases, "biases"),
    ]
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, constants)
    opset = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, ir_version=8, opset_imports=opset), path)
    write_facts(path, **facts)
    return path


def write_facts(path, **facts):
    """Writes the JSON file beside a model, right but for `facts`."""
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    path.with_suffix(".json").write_text(json.dumps({"sha256": sha256} | FACTS | facts))


def photo(faces, width, height):
    """A gray canvas with `(expression, seed, size, left, top)` sketch faces pasted on it."""
    canvas = np.full((height, width), 128, np.uint8)
    for expression, seed, size, left, top in faces:
        canvas[top : top + size, left : left + size] = face(expression, seed, size)
    return canvas


def rgb(gray):
    return np.repeat(gray[..., np.newaxis], 3, axis=2)


def write_video(path, frames, rate=25.0):
    """Writes gray or RGB frames of one size as a video."""
    codec = cv2.VideoWriter_fourcc(*("MJPG" if path.suffix == ".avi" else "mp4v"))
    size = frames[0].shape[1::-1]
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, codec, rate, size)
    assert writer.isOpened()
    for frame in frames:
        writer.write(frame[..., ::-1].copy() if frame.ndim == 3 else rgb(frame))
    writer.release()
    return path


PHOTO = photo([("happy", 1, 240, 40, 60), ("sad", 3, 200, 330, 280)], 640, 520)


def started(model, *words):
    """The words that start a prediction with this model."""
    return [sys.executable, "-m", "ferd", "predict", "--model", str(model), *map(str, words)]


def heed_ctrl_c():
    """For `preexec_fn`: a test run started in the background hands down an ignored SIGINT."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def environment(**values):
    """The environment in which the command is found from any folder, with other values."""
    paths = filter(None, (str(REPO), os.environ.get("PYTHONPATH")))
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths)} | values


NO_FFMPEG = "ferd: the program ffmpeg is not found: annotated videos are WebM files without sound\n"


def save(path, pixels=PHOTO):
    """Writes pixels as the kind of image that the name says, in a new folder if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)
