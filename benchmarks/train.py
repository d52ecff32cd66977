"""Times training against the plain recipe: float32 Keras with an ImageDataGenerator.

Reads   nothing: random faces, since the time of a step does not depend on what they show; where the
        study has run, plots/train/history.csv and metrics/cost/train.json too
Writes  section `train` of benchmarks/results.json
Run     python benchmarks/train.py [--rounds 3]     (make bench runs all)
Takes   about 5 minutes on 2 cores
Expect  at least three times the plain recipe's images/s where the CPU multiplies bfloat16
"""

import csv
import json
import time

import common

BATCH, STEPS, WARM_UP = 64, 60, 12


def ours(precision="auto"):
    """The train stage's network, batches and arithmetic."""
    import keras
    import yaml

    from ferd import training
    from ferd.precision import choose_precision

    with open(common.ROOT / "params.yaml", encoding="utf-8") as file:
        settings = yaml.safe_load(file)["train"] | {"batch_size": BATCH}
    keras.utils.set_random_seed(0)
    choose_precision(precision)
    batches = training.training_batches(random_faces(), settings)
    model = training.build(settings, 48, fused=True)
    model.compile(
        training.make_optimizer(settings, len(batches)), "sparse_categorical_crossentropy"
    )
    return timed(model, batches)


def plain():
    """What a user would write: Table I in Keras' own layers, float32, ImageDataGenerator."""
    import keras
    from keras.src.legacy.preprocessing.image import ImageDataGenerator

    from ferd.network import build_network

    keras.utils.set_random_seed(0)
    faces = random_faces()
    model = build_network()
    model.compile(keras.optimizers.Adam(0.001), "sparse_categorical_crossentropy")
    generator = ImageDataGenerator(rescale=1 / 255, rotation_range=10, horizontal_flip=True)
    return timed(model, generator.flow(faces.images[..., None], faces.classes, BATCH))


def random_faces():
    """As many random faces as the steps take."""
    import numpy as np

    from ferd.faces import Faces

    generator = np.random.default_rng(0)
    count = BATCH * STEPS
    images = generator.integers(0, 256, (count, 48, 48), dtype="uint8")
    nothing = np.zeros(count, bool)
    return Faces(images, generator.integers(0, 7, count), nothing.astype("U1"), nothing)


def timed(model, batches):
    """Images/s of one epoch after a warm-up, in which TensorFlow traces the step."""
    import itertools

    model.fit(itertools.islice(iter(batches), WARM_UP), steps_per_epoch=WARM_UP, verbose=0)
    start = time.perf_counter()
    model.fit(batches, epochs=1, shuffle=False, verbose=0)
    seconds = time.perf_counter() - start
    return {
        "images_per_second": BATCH * STEPS / seconds,
        "milliseconds_per_step": 1000 * seconds / STEPS,
        "peak_memory_gib": common.peak_gib(),
    }


def compare(medians):
    """Ratios, and minutes to 95% of the final validation accuracy at each variant's speed."""
    speeds = {name: row["images_per_second"] for name, row in medians.items()}
    result = {f"times_{name}": speeds["ours"] / speeds[name] for name in ("plain", "float32")}
    history = common.ROOT / "plots/train/history.csv"
    cost = common.ROOT / "metrics/cost/train.json"
    faces = common.ROOT / "metrics/extract.json"
    if history.exists() and cost.exists() and faces.exists():
        with open(history, encoding="utf-8") as file:
            accuracy = [float(row["val_accuracy"]) for row in csv.DictReader(file)]
        epochs = next(n for n, value in enumerate(accuracy, 1) if value >= 0.95 * accuracy[-1])
        held_out = json.loads(cost.read_text())["validation_faces"]
        count = json.loads(faces.read_text())["train"]["faces"] - held_out
        result["epochs_to_95_percent"] = epochs
        result["minutes_to_95_percent"] = {
            name: epochs * count / speed / 60 for name, speed in speeds.items()
        }
    return result


if __name__ == "__main__":
    variants = {"plain": plain, "float32": lambda: ours("float32"), "ours": ours}
    common.main("train", __doc__, variants, compare)
