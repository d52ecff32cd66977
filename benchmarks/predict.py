"""Times the trained network on one thread: one face at a time, and 64.

Reads   nothing: Table I's network has random weights, which do not change the time
Writes  section `predict` of benchmarks/results.json
Run     python benchmarks/predict.py [--rounds 3]     (make bench runs all)
Takes   about 2 minutes
Expect  a compiled call several times faster than Keras' predict at one face, as fast at 64
"""

import os
import time

import common

SECONDS = 5.0


def keras_predict():
    """The usual code: model.predict."""
    return measure(lambda model: lambda faces: model.predict(faces, verbose=0))


def compiled():
    """One compiled call of the network."""

    def wrap(model):
        import tensorflow as tf

        call = tf.function(lambda faces: model(faces, training=False))
        return lambda faces: call(tf.constant(faces)).numpy()

    return measure(wrap)


def measure(wrap):
    """Milliseconds per face at one at a time, faces/s at 64 at a time, on one thread."""
    os.environ["OMP_NUM_THREADS"] = "1"
    import numpy as np
    import tensorflow as tf

    from ferd.networks.paper.paper_cnn import build_network

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    call = wrap(build_network())
    faces = np.random.default_rng(0).random((64, 48, 48, 1), dtype="float32")
    return {
        "milliseconds_at_1": 1000 * seconds_of(call, faces[:1]),
        "faces_per_second_at_64": 64 / seconds_of(call, faces),
        "peak_memory_gib": common.peak_gib(),
    }


def seconds_of(call, faces):
    """Median seconds of a call, over some seconds of calls after two warm-up calls."""
    import statistics

    call(faces), call(faces)
    times, end = [], time.perf_counter() + SECONDS
    while time.perf_counter() < end or len(times) < 5:
        start = time.perf_counter()
        call(faces)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def compare(medians):
    one, other = medians["compiled"], medians["keras_predict"]
    return {
        "times_keras_predict_at_1": other["milliseconds_at_1"] / one["milliseconds_at_1"],
        "times_keras_predict_at_64": one["faces_per_second_at_64"]
        / other["faces_per_second_at_64"],
    }


if __name__ == "__main__":
    common.main("predict", __doc__, {"keras_predict": keras_predict, "compiled": compiled}, compare)
