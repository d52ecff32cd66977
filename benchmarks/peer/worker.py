"""Runs one package on one core, in its own environment, and writes its predictions or times.

`python worker.py answers|times <variant> <faces.npz> <result.json>`; the parent is
benchmarks/peers.py. The result goes into a file, because packages print other text.
"""

import importlib
import json
import os
import statistics
import sys
import time

SECONDS = float(os.environ.get("FERD_SECONDS", 3))  # length of one timing
BATCH = 64


def main():
    task, variant, faces, result = sys.argv[1:]
    # Frameworks have threads that no setting limits, so the process is bound to one core.
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    from adapters import ADAPTERS

    answer = {"answers": answers, "times": times}[task](ADAPTERS[variant], faces)
    with open(result, "w", encoding="utf-8") as file:
        json.dump(answer, file)


def answers(adapter, path):
    """Labels of all crops, predictions for every photo by side, mean ms per photo."""
    import numpy as np

    package = adapter()
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files}
    crops = arrays.pop("crops")
    labels = []
    for start in range(0, len(crops), BATCH):
        labels += package.crops(crops[start : start + BATCH])
    photos, milliseconds = {}, {}
    for side, pixels in arrays.items():
        start = time.perf_counter()
        photos[side] = [largest(package, photo) for photo in pixels]
        milliseconds[side] = 1000 * (time.perf_counter() - start) / len(pixels)
    return {"crops": labels, "photos": photos, "ms_per_photo": milliseconds}


def largest(package, photo):
    """`[label, error]` of a photo's largest face; label None without one, error None on success."""
    try:
        faces = package.photo(in_color(photo))
    except Exception as error:  # any error of a package is its result for this photo and is counted
        return [None, type(error).__name__]
    return [max(faces)[1] if faces else None, None]


def in_color(photo):
    import numpy as np

    return np.repeat(photo[..., np.newaxis], 3, axis=2)


def times(adapter, path):
    """Seconds to import and to load; ms per face in crops; bytes of the weights."""
    start = time.perf_counter()
    importlib.import_module(adapter.MODULE)
    imported = time.perf_counter()
    package = adapter()
    loaded = time.perf_counter()
    import numpy as np

    with np.load(path) as file:
        crops = file["crops"][:BATCH]
    measured = {"import_seconds": imported - start, "load_seconds": loaded - imported}
    measured["ms_per_face_at_1"] = 1000 * seconds_of(lambda: package.crops(crops[:1]))
    measured["ms_per_face_at_64"] = 1000 * seconds_of(lambda: package.crops(crops)) / BATCH
    measured["weights_bytes"] = sum(path.stat().st_size for path in package.weights)
    return measured


def seconds_of(call):
    """Median seconds of a call, over some seconds of calls after two warm-up calls."""
    call(), call()
    taken, end = [], time.perf_counter() + SECONDS
    while time.perf_counter() < end or len(taken) < 3:
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
