"""Predicts with exported networks on one thread and measures their time."""

import time

import numpy as np
import onnxruntime

from ferd.training.core.batches import to_input


def open_onnx(content):
    """Opens an ONNX network on one thread.

    Args:
        content: Bytes of the file.

    Returns:
        Function of a batch: float32 `(faces, size, size, 1)` to `(faces, classes)`.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return lambda batch: session.run(None, {name: batch})[0]


def answers(run, images, batch_size):
    """Predicts images with an exported network.

    Args:
        run: Function of a batch, as `open_onnx` returns.
        images: uint8, shape `(images, size, size)`, one or more.
        batch_size: Images at a time; changes the speed only.

    Returns:
        Class probabilities, float32, shape `(images, classes)`.
    """
    starts = range(0, len(images), batch_size)
    return np.concatenate([run(to_input(images[start : start + batch_size])) for start in starts])


def milliseconds_per_face(run, images, batch_size, faces):
    """Times a network.

    Args:
        run: As in `answers`.
        images: uint8, shape `(images, size, size)`; repeated if there are too few for a batch.
        batch_size: Faces at a time.
        faces: Faces timed in all, rounded up to whole batches.

    Returns:
        Median over the batches, in milliseconds per face, after one batch that is not counted. It
        is the processor time of this thread, so other work on the machine does not count.
    """
    batch = to_input(np.resize(images, (batch_size, *images.shape[1:])))
    run(batch)
    seconds = []
    for _ in range(-(-faces // batch_size)):
        start = time.thread_time()
        run(batch)
        seconds.append(time.thread_time() - start)
    return 1000 * float(np.median(seconds)) / batch_size
