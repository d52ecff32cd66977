"""Times the two ensembles against PyCaret's defaults on the same features.

Reads   data/features/train.npz (or, before the study has run, random features)
Writes  section `automl` of benchmarks/results.json
Run     python benchmarks/automl.py [--rounds 3]     (make bench runs all)
Takes   about 10 minutes on 2 cores
Expect  PyCaret's defaults (10 folds, 5 inside a stack, models in parallel processes, each on all
        cores) many times slower for the same final model; they are stopped after `LIMIT` seconds,
        so the ratio is a lower bound if `finished` is 0
"""

import json
import os
import threading
import time

import common

MODELS = ["et", "rf", "lightgbm", "lr", "lda"]
FACES = 500
LIMIT = 60  # seconds; on 2 cores PyCaret's default vote had not ended after 13 minutes


def ours_vote():
    from ferd.ensembles.ensembles import vote
    from ferd.ensembles.folds import splitter

    return fit(lambda experiment, models: vote(experiment, models, "soft", splitter(1, 0)))


def ours_stack():
    from ferd.ensembles.ensembles import stack
    from ferd.ensembles.folds import splitter
    from ferd.ensembles.pycaret_experiment import build

    def run(experiment, models):
        settings = {"inner_folds": 3, "passthrough": False}
        stack(experiment, models, build(experiment, ["et"])["et"], splitter(1, 0), settings)

    return fit(run)


def fit(run):
    """Seconds of the stages' own set-up and one ensemble."""
    from ferd.ensembles.pycaret_experiment import build, set_up

    faces = some_features()
    start = time.perf_counter()
    experiment = set_up(faces, 0, True)
    run(experiment, build(experiment, MODELS))
    return {"seconds": time.perf_counter() - start, "finished": 1}


def default_vote():
    return default(lambda experiment, models: experiment.blend_models(models, verbose=False))


def default_stack():
    return default(
        lambda experiment, models: experiment.stack_models(
            models, meta_model=experiment.create_model("et", verbose=False), verbose=False
        )
    )


def default(run):
    """Seconds of the code from PyCaret's own guide."""
    from pycaret.classification import ClassificationExperiment

    faces = some_features()
    start = time.perf_counter()
    stop_after(LIMIT)
    experiment = ClassificationExperiment().setup(
        data=faces.train,
        test_data=faces.test,
        target="target",
        session_id=0,
        fix_imbalance=True,
        html=False,
        verbose=False,
    )
    models = [experiment.create_model(name, verbose=False) for name in MODELS]
    run(experiment, models)
    return {"seconds": time.perf_counter() - start, "finished": 1}


def stop_after(seconds):
    """Ends this process and its children after so many seconds, and prints the result."""
    import psutil

    # A copy of standard output, because PyCaret replaces it by /dev/null during a fit.
    output = os.dup(1)

    def stop():
        os.write(output, (json.dumps({"seconds": seconds, "finished": 0}) + "\n").encode())
        for child in psutil.Process().children(recursive=True):
            child.kill()
        os._exit(0)

    timer = threading.Timer(seconds, stop)
    timer.daemon = True  # a run that ends in time does not wait for this thread
    timer.start()


def some_features(count=FACES):
    """The given number of train faces (None: all) and 500 test faces."""
    import numpy as np
    import pandas as pd

    from ferd.ensembles.features import FaceFeatures, read_features

    path = common.ROOT / "data/features/train.npz"
    if path.exists():
        faces = read_features(path)
        rows = np.random.default_rng(0).permutation(len(faces.train))[:count]
        return faces._replace(train=faces.train.iloc[np.sort(rows)], test=faces.test.iloc[:500])
    generator = np.random.default_rng(0)
    table = pd.DataFrame(generator.normal(size=((count or FACES) + 500, 256)).astype("float32"))
    table.columns = [f"feature_{number}" for number in table]
    table["target"] = generator.integers(0, 7, len(table))
    train, test = table.iloc[:-500], table.iloc[-500:]
    return FaceFeatures(train, test, np.arange(500).astype("U"), test[:0], np.array([], "U"))


def compare(medians):
    seconds = {name: row["seconds"] for name, row in medians.items()}
    return {
        "times_default": {
            kind: seconds[f"default_{kind}"] / seconds[f"ours_{kind}"] for kind in ("vote", "stack")
        }
    }


if __name__ == "__main__":
    variants = {
        "ours_vote": ours_vote,
        "default_vote": default_vote,
        "ours_stack": ours_stack,
        "default_stack": default_stack,
    }
    common.main("automl", __doc__, variants, compare)
