"""Compares training with the plain recipe: Keras in float32 with an ImageDataGenerator.

Reads   nothing: faces are random, since the time of a step does not depend on them; if the study
        has run, plots/{cosine,cosine_precision}/history.csv and metrics too
Writes  section `train` of benchmarks/results.json
Run     python benchmarks/train.py [--rounds 3]     (make bench runs all)
Takes   about 5 minutes on 2 cores
Expect  about twice the plain recipe's images/s with AVX-512 BF16; the target is three times
"""

import contextlib
import csv
import json
import time

import common

BATCH, STEPS, WARM_UP = 64, 60, 12
# The stage whose validation accuracy by epoch is used for a variant: the plain recipe's network,
# arithmetic and augmentation are those of the float32 training.
CURVES = {"plain": "cosine_precision", "float32": "cosine_precision", "ours": "cosine"}


def ours(precision="auto", around=contextlib.nullcontext):
    """The stage train's network, batches and arithmetic; `around` is entered for the timed part."""
    import keras
    import tensorflow as tf

    from ferd.study.params_file import read_params
    from ferd.training.core.precision import choose_precision
    from ferd.training.paper import train_cnn as training

    settings = read_params(common.ROOT / "params.yaml")["train"] | {"batch_size": BATCH}
    tf.config.experimental.enable_op_determinism()
    keras.utils.set_random_seed(0)
    choose_precision(precision)
    batches = training.training_batches(random_faces(), settings)
    model = training.build(settings, 48, fused=True)
    model.compile(
        training.make_optimizer(settings, len(batches)), "sparse_categorical_crossentropy"
    )
    return timed(model, batches, around)


def plain():
    """The usual code: Table I in Keras' own layers, float32, ImageDataGenerator."""
    import keras
    from keras.src.legacy.preprocessing.image import ImageDataGenerator

    from ferd.networks.paper.paper_cnn import build_network

    keras.utils.set_random_seed(0)
    faces = random_faces()
    model = build_network()
    model.compile(keras.optimizers.Adam(0.001), "sparse_categorical_crossentropy")
    generator = ImageDataGenerator(rescale=1 / 255, rotation_range=10, horizontal_flip=True)
    return timed(model, generator.flow(faces.images[..., None], faces.classes, BATCH))


def random_faces():
    """Random faces for all steps."""
    import numpy as np

    from ferd.dataset.parts.faces import Faces

    generator = np.random.default_rng(0)
    count = BATCH * STEPS
    images = generator.integers(0, 256, (count, 48, 48), dtype="uint8")
    nothing = np.zeros(count, bool)
    return Faces(images, generator.integers(0, 7, count), nothing.astype("U1"), nothing)


def timed(model, batches, around=contextlib.nullcontext):
    """Images/s by the median step of one epoch, after a warm-up in which TensorFlow traces it.

    The epoch's time is not used: at the end of a dataset TensorFlow waits for its tuning thread,
    which may sleep for another 10 or 20 seconds.
    """
    import keras
    import numpy as np

    ends = []
    clock = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: ends.append(time.perf_counter())
    )
    warm_up = (batches[number] for number in range(WARM_UP))
    model.fit(warm_up, steps_per_epoch=WARM_UP, verbose=0)
    with around():
        model.fit(batches, epochs=1, shuffle=False, verbose=0, callbacks=[clock])
    seconds = float(np.median(np.diff(ends)))
    return {
        "images_per_second": BATCH / seconds,
        "milliseconds_per_step": 1000 * seconds,
        "peak_memory_gib": common.peak_gib(),
    }


def compare(medians):
    """Ratios, and minutes to 95% of the final validation accuracy at each variant's speed."""
    speeds = {name: row["images_per_second"] for name, row in medians.items()}
    result = {f"times_{name}": speeds["ours"] / speeds[name] for name in ("plain", "float32")}
    count = trained_on()
    if count:
        epochs = {name: epochs_to_95_percent(stage) for name, stage in CURVES.items()}
        result["epochs_to_95_percent"] = epochs
        result["minutes_to_95_percent"] = {
            name: epochs[name] * count / speeds[name] / 60 for name in CURVES
        }
    return result


def trained_on():
    """Number of the study's training faces; None if it has not run."""
    training = common.ROOT / "metrics/details/cosine.json"
    faces = common.ROOT / "metrics/details/extract.json"
    if not training.exists() or not faces.exists():
        return None
    held_out = json.loads(training.read_text())["validation"]["faces"]
    return json.loads(faces.read_text())["train"]["faces"] - held_out


def epochs_to_95_percent(stage):
    """Epochs until a training's validation accuracy has reached 95% of its best."""
    history = common.ROOT / f"plots/{stage}/history.csv"
    with open(history, encoding="utf-8") as file:
        accuracy = [float(row["val_accuracy"]) for row in csv.DictReader(file)]
    return next(n for n, value in enumerate(accuracy, 1) if value >= 0.95 * max(accuracy))


if __name__ == "__main__":
    variants = {"plain": plain, "float32": lambda: ours("float32"), "ours": ours}
    common.main("train", __doc__, variants, compare)
