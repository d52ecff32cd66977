"""Times fits and a bootstrap on joblib's own backends against its Dask backend.

Reads   nothing: random features of the study's shape
Writes  section `joblib_backends` of benchmarks/results.json
Run     python benchmarks/joblib_backends.py [--rounds 3]     (make bench runs all)
Takes   about 10 minutes on 2 cores
Expect  the Dask backend slower on one machine: its workers are processes, to which data and trees
        travel, where joblib's threads share them
"""

import time
from contextlib import nullcontext

import common

FACES, FEATURES, CLASSES = 28_000, 256, 7
TREES, JOBS = 50, 2
TEST_FACES, DRAWS, CHUNKS = 5_354, 1_000, 20


def on_dask(work):
    """Runs a function with joblib's Dask backend on two workers; their start is not timed."""
    from distributed import Client, LocalCluster
    from joblib import parallel_config

    options = {"n_workers": JOBS, "threads_per_worker": 1, "dashboard_address": ":0"}
    with LocalCluster(memory_limit=0, **options) as local, Client(local) as client:
        client.wait_for_workers(JOBS)
        return work(lambda: parallel_config(backend="dask", wait_for_workers_timeout=60))


def plain(work):
    return work(nullcontext)


def features():
    """Random features with a centre for each class, and the classes; seeded."""
    import numpy as np

    generator = np.random.default_rng(0)
    target = generator.integers(CLASSES, size=FACES)
    centres = generator.normal(0, 0.25, (CLASSES, FEATURES))
    return (centres[target] + generator.normal(size=(FACES, FEATURES))).astype("float32"), target


def timed(work):
    """Seconds of a function, and the processor time of this process and all that it started."""
    before, start = processor_seconds(), time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "processor_seconds": processor_seconds() - before}


def processor_seconds():
    import psutil

    process = psutil.Process()
    times = [one.cpu_times() for one in (process, *process.children(recursive=True))]
    return sum(one.user + one.system for one in times)


def fitting(model):
    """A function that times the fit of `model()` inside a backend."""

    def work(backend):
        values, target = features()
        with backend():
            return timed(lambda: model().fit(values, target))

    return work


def random_forest():
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(TREES, n_jobs=JOBS, random_state=0)


def extra_trees():
    from sklearn.ensemble import ExtraTreesClassifier

    return ExtraTreesClassifier(TREES, n_jobs=JOBS, random_state=0)


def stack():
    """Three members in three folds: joblib has a fit of a member for a task."""
    from lightgbm import LGBMClassifier
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
    from sklearn.ensemble import ExtraTreesClassifier, StackingClassifier

    members = [
        ("et", ExtraTreesClassifier(TREES, random_state=0)),
        ("lightgbm", LGBMClassifier(n_estimators=TREES // 2, n_jobs=1, verbosity=-1)),
        ("lda", LinearDiscriminantAnalysis()),
    ]
    final = LinearDiscriminantAnalysis()
    return StackingClassifier(members, final, cv=3, n_jobs=JOBS)


def predictions():
    """Which of the test faces are right, and each its own group."""
    import numpy as np

    return np.random.default_rng(0).random((TEST_FACES, 1)) < 0.67, np.arange(TEST_FACES)


def bootstrap(backend):
    """The study's bootstrap in chunks of redraws."""
    from joblib import Parallel, delayed

    from ferd.scoring.uncertainty import bootstrap_means

    right, groups = predictions()
    chunks = [delayed(bootstrap_means)(right, groups, DRAWS // CHUNKS, n) for n in range(CHUNKS)]
    with backend():
        return timed(lambda: Parallel(n_jobs=JOBS)(chunks))


def bootstrap_alone():
    """The same as the study does it: one process."""
    from ferd.scoring.uncertainty import bootstrap_means

    right, groups = predictions()
    return timed(lambda: bootstrap_means(right, groups, DRAWS, 0))


WORKS = {
    "random_forest": fitting(random_forest),
    "extra_trees": fitting(extra_trees),
    "stack": fitting(stack),
    "bootstrap": bootstrap,
}


def compare(medians):
    """The Dask backend relative to joblib's own, and what else the machine did."""
    ratios = {
        f"{key}_relative_to_joblib": {
            name: medians[f"{name}_dask"][key] / medians[f"{name}_joblib"][key] for name in WORKS
        }
        for key in ("seconds", "processor_seconds")
    }
    return {**ratios, "busy_cores": common.busy_cores()}


if __name__ == "__main__":
    variants = {"bootstrap_alone": bootstrap_alone}
    for name, work in WORKS.items():
        variants[f"{name}_joblib"] = lambda work=work: plain(work)
        variants[f"{name}_dask"] = lambda work=work: on_dask(work)
    common.main("joblib_backends", __doc__, variants, compare)
