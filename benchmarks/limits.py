"""Measures the machine's limits and how close the stages come to them.

Reads   sections `crop` and `train` of benchmarks/results.json, which must be of this machine
Writes  section `limits` of it: GFLOP/s of plain matrix products, dlib's own ms per image, and the
        share of each that training and cropping reach
Run     python benchmarks/limits.py [--rounds 3]     (make bench runs all)
Takes   about a minute
Expect  training at over half of the bfloat16 product's rate; cropping at over half of dlib's
"""

import json
import time

import common

SIDE = 4096


def product(dtype):
    """GFLOP/s of a square matrix product."""
    import tensorflow as tf

    matrix = tf.cast(tf.random.stateless_normal((SIDE, SIDE), (0, 0)), dtype)
    multiply = tf.function(lambda: tf.linalg.matmul(matrix, matrix)[0, 0])
    times = []
    for _ in range(6):
        start = time.perf_counter()
        multiply().numpy()
        times.append(time.perf_counter() - start)
    return {"gflops": 2 * SIDE**3 / min(times) / 1e9}


def dlib_alone():
    """Milliseconds per image of dlib's detector, all levels, images in memory, one core."""
    import cv2
    import dlib

    detector = dlib.get_frontal_face_detector()
    images = [cv2.imread(str(file), cv2.IMREAD_GRAYSCALE) for file in common.study_images(1000)]
    start = time.perf_counter()
    for image in images:
        any(len(detector.run(image, level, 0.0)[0]) for level in range(4))
    return {"milliseconds_per_image": time.perf_counter() - start}


def compare(medians):
    """The share of these limits that training and cropping reach in their own benchmarks."""
    import os

    from ferd.networks.paper.paper_cnn import build_network
    from ferd.networks.residual import multiply_adds

    results = json.loads(common.RESULTS.read_text())
    speed = results["train"]["median"]["ours"]["images_per_second"]
    crop = results["crop"]["median"]["ours_16000"]["images_per_second"]
    best = os.cpu_count() * 1000 / medians["dlib_alone"]["milliseconds_per_image"]
    operations = multiply_adds(build_network())
    # Forward once, and backward once for the weights and once for the images.
    gflops = 3 * 2 * operations * speed / 1e9
    return {
        "million_multiply_adds_per_face": operations / 1e6,
        "training_gflops": gflops,
        "training_share_of_bfloat16_product": gflops / medians["bfloat16_product"]["gflops"],
        "cropping_share_of_dlib_on_all_cores": crop / best,
    }


if __name__ == "__main__":
    variants = {
        "bfloat16_product": lambda: product("bfloat16"),
        "float32_product": lambda: product("float32"),
        "dlib_alone": dlib_alone,
    }
    common.main("limits", __doc__, variants, compare)
