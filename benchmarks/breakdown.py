"""Measures how the time of each stage is divided.

Reads   data/raw, data/features/train.npz (or, before the study has run, sketch faces and random
        features); the network's weights are random, since its time does not depend on them
Writes  section `breakdown` of benchmarks/results.json: seconds of each part of a stage's work
Run     python benchmarks/breakdown.py [--rounds 3]     (make bench runs all)
Takes   about 4 minutes on 2 cores
Expect  dlib most of crop; convolutions, mostly their gradients, most of train; rf, lightgbm and lr
        most of the ensembles
"""

import glob
import tempfile
import time
from collections import Counter
from contextlib import contextmanager

import common

# Kind of work: starts of the names of TensorFlow's operations.
KINDS = {
    "gradient of the kernels": ("Conv2DBackpropFilter",),
    "gradient of the images": ("Conv2DBackpropInput",),
    "convolution": ("FusedConv2D", "Conv2D"),
    "batch norm and its gradient": ("FusedBatchNorm",),
    "max-pool and its gradient": ("MaxPool",),
    "dense": ("MatMul", "FusedMatMul"),
    "ReLU and its gradient": ("Relu",),
    "bfloat16 to float32 and back": ("Cast",),
    "waiting for batches": ("IteratorGetNext",),
}
# Not counted: they contain other events or wait for them.
OUTER = ("Process", "Run", "Record", "StartRegion", "StopRegion", "ExecutorDoneCallback")


def crop():
    """Seconds of each step over 1,000 images, one process."""
    import cv2
    import dlib

    detector, parts = dlib.get_frontal_face_detector(), Counter()
    cv2.setNumThreads(1)
    for file in common.study_images(1000):
        with clock(parts, "read"):
            image = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)
        for level in range(4):
            with clock(parts, f"dlib, level {level}"):
                boxes, _, _ = detector.run(image, level, 0.0)
            if boxes:
                break
        with clock(parts, "resize to 48x48"):
            cv2.resize(image, (48, 48))
    return dict(parts)


def train():
    """Seconds of each kind of operation in 60 steps, summed over the threads."""
    import tensorflow as tf
    import train as training_benchmark

    folder = tempfile.mkdtemp()
    training_benchmark.ours(around=lambda: recorded(tf.profiler.experimental, folder))
    return operation_seconds(glob.glob(f"{folder}/**/*.xplane.pb", recursive=True)[0])


@contextmanager
def recorded(profiler, folder):
    profiler.start(folder)
    yield
    profiler.stop()


def operation_seconds(path):
    """Seconds by `KINDS` in a trace of TensorFlow's profiler."""
    from tensorflow.tsl.profiler.protobuf import xplane_pb2

    space, parts = xplane_pb2.XSpace(), Counter()
    with open(path, "rb") as file:
        space.ParseFromString(file.read())
    plane = next(plane for plane in space.planes if plane.name == "/host:CPU")
    for line in plane.lines:
        if line.name.startswith("tf_Compute"):
            for event in line.events:
                name = plane.event_metadata[event.metadata_id].name.rpartition(":")[2]
                if name not in OUTER:
                    parts[kind_of(name)] += event.duration_ps / 1e12
    return dict(parts)


def kind_of(operation):
    """The first of `KINDS` that matches an operation's name without oneDNN's prefixes."""
    name = operation.removeprefix("_MklNative").removeprefix("_Mkl").lstrip("_")
    found = (kind for kind, names in KINDS.items() if name.startswith(names))
    return next(found, "Adam, dropout, loss and the rest")


def extract():
    """Seconds to compute the features of 4,096 faces."""
    parts = Counter()
    with clock(parts, "import TensorFlow and Keras"):
        import numpy as np

        from ferd.ensembles.penultimate import features_of
        from ferd.networks.paper.paper_cnn import build_network
    with clock(parts, "build the network"):
        model = build_network()
    images = np.random.default_rng(0).integers(0, 256, (4096, 48, 48), dtype="uint8")
    with clock(parts, "features of 4,096 faces"):
        features_of(model, images)
    return dict(parts)


def automl():
    """Seconds to fit each model of the ensembles once, and SMOTE, on all features."""
    parts = Counter()
    with clock(parts, "import PyCaret"):
        from imblearn.over_sampling import SMOTE

        from ferd.ensembles.pycaret_experiment import build, set_up
    import automl as automl_benchmark

    faces = automl_benchmark.some_features(None)
    with clock(parts, "set-up"):
        experiment = set_up(faces, 0, True)
    table, classes = faces.train.drop(columns="target"), faces.train["target"]
    with clock(parts, "SMOTE"):
        table, classes = SMOTE(random_state=0).fit_resample(table, classes)
    for name, model in build(experiment, automl_benchmark.MODELS).items():
        with clock(parts, f"fit {name}"):
            model.fit(table, classes)
    return dict(parts)


@contextmanager
def clock(parts, name):
    start = time.perf_counter()
    yield
    parts[name] += time.perf_counter() - start


if __name__ == "__main__":
    variants = {"crop": crop, "train": train, "extract": extract, "automl": automl}
    common.main("breakdown", __doc__, variants, lambda medians: {})
