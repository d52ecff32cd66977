"""Times `ferd predict --cluster` on one and two workers, and what a hundred million photos need.

Reads   nothing: photos that it draws, in build/benchmarks
Writes  section `scale` of benchmarks/results.json
Run     python benchmarks/scale.py [--rounds 3]     (make bench runs all)
Takes   about 6 minutes on 2 cores
Expect  the same processor time per photo on one worker and on two; twice the photos per second on
        two idle cores
"""

import os
import time
from dataclasses import dataclass, replace
from pathlib import Path

import common
from scaling.drawn import CROPS, FOLDER, PHOTOS, crops, photos
from scaling.rows import some_rows

PARTITION = 4  # photos; small, so that two workers end at nearly the same time
CROP_PARTITION = 64
TASKS, FILES, FOLDERS = 200, 100_000, 100


@dataclass(frozen=True)
class Timed:
    """Predicts a partition; its outcome has process and processor time of the thread as a line.

    The process of a worker has other threads, which use a little time whatever the photos are: Dask
    looks at the running task a hundred times a second. On a busy machine that would be counted too.
    """

    work: object

    def __call__(self, classifier, number, sources):
        start = time.thread_time()
        outcome = self.work(classifier, number, sources)
        return replace(outcome, problems=(f"{os.getpid()} {time.thread_time() - start}",))


def load_classifier():
    """On one thread, with the detector of the study, which finds the face of its images."""
    from ferd.inference.classifier import Classifier

    return Classifier.load(common.ROOT / "ferd/models/ferd.onnx", 1, detector="study")


def on_workers(workers, files, size, whole_image=False):
    """Photos per second on a number of workers, and the processor time of a photo on them."""
    from ferd.inference.partitions.on_cluster import connected, run
    from ferd.inference.partitions.parts import split

    with connected(str(workers)) as client:
        client.wait_for_workers(workers)
        outcomes = run(client, load_classifier(), split(files, size), timed(whole_image))
        return summary(outcomes)


def alone(files, size, whole_image=False):
    """The same without a cluster, in this process, on one thread."""
    from ferd.inference.partitions.parts import split

    classifier, work = load_classifier(), timed(whole_image)
    return summary(work(classifier, number, part) for number, part in split(files, size))


def summary(outcomes):
    """The rates after the first partition, and of each process: it loads dlib's detector then."""
    first, *others = [(one, time.perf_counter()) for one in outcomes]
    count, used, seen = 0, 0.0, set()
    for outcome, _ in (first, *others):
        process, seconds = outcome.problems[0].split()
        if process in seen:
            count, used = count + outcome.frames, used + float(seconds)
        seen.add(process)
    frames = sum(outcome.frames for outcome, _ in others)
    return {
        "photos_per_second": frames / (others[-1][1] - first[1]),
        "milliseconds_per_photo": 1000 * used / count,
    }


def timed(whole_image):
    from ferd.inference.partitions.parts import Settings, Text

    options = (50_000_000, 32, whole_image, None, 0.0, "jsonl")
    return Timed(Text(Settings(str(FOLDER), *options)))


def nothing(classifier, number, sources):
    from ferd.inference.partitions.parts import Outcome

    return Outcome(len(sources), ())


def tasks():
    """Partitions per second that the scheduler and the head can pass on, if they are no work."""
    from ferd.inference.partitions.on_cluster import connected, run
    from ferd.inference.partitions.parts import split

    names = [f"/photos/of/some/length/{number:09d}.jpg" for number in range(512)] * TASKS
    with connected("2") as client:
        client.wait_for_workers(2)
        before, start = time.process_time(), time.perf_counter()
        for _ in run(client, load_classifier(), split(names, 512), nothing):
            pass
        seconds, used = time.perf_counter() - start, time.process_time() - before
    return {
        "partitions_per_second": TASKS / seconds,
        "milliseconds_per_partition": 1000 * used / TASKS,
    }


def listing():
    """Files per second that a tree of folders is listed with."""
    from ferd.inference.reading.listing import list_sources

    tree = common.made_once(FOLDER / "tree", make_tree)
    before, start = time.process_time(), time.perf_counter()
    assert sum(1 for _ in list_sources([tree], skip=["rows"])) == FILES
    return {
        "files_per_second": FILES / (time.perf_counter() - start),
        "microseconds_per_file": 1e6 * (time.process_time() - before) / FILES,
    }


def make_tree(folder):
    """Folders of empty files."""
    for number in range(FOLDERS):
        inner = folder / f"{number:03d}"
        inner.mkdir()
        for name in range(FILES // FOLDERS):
            os.mknod(inner / f"{name:06d}.jpg")


def storage():
    """Bytes of a row, in files of 512 rows whose values are all drawn, and of an image."""
    import io

    import pyarrow as pa
    import pyarrow.parquet as pq

    from ferd.classes import CLASSES
    from ferd.inference.writing.prediction_rows import RowWriter, columns

    found, text = list(some_rows(512)), io.StringIO()
    writer = RowWriter(text, columns(CLASSES), "jsonl")
    for row in found:
        writer.write(row)
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(found), sink, compression="zstd")
    return {
        "bytes_per_row_parquet": sink.getvalue().size / len(found),
        "bytes_per_row_jsonl": len(text.getvalue()) / len(found),
        "bytes_per_photo": sum(Path(path).stat().st_size for path in photos()) / PHOTOS,
        "bytes_per_crop": sum(Path(path).stat().st_size for path in crops()) / CROPS,
    }


def compare(medians):
    """Two workers relative to one; what else the machine did."""
    further = {}
    for kind in ("photos", "crops"):
        one, two = (medians[f"{kind}_{count}"] for count in ("1_worker", "2_workers"))
        for key in one:
            further.setdefault(f"{key}_2_workers_to_1", {})[kind] = two[key] / one[key]
    return {**further, "busy_cores": common.busy_cores()}


if __name__ == "__main__":
    variants = {
        "photos_alone": lambda: alone(photos(), PARTITION),
        "photos_1_worker": lambda: on_workers(1, photos(), PARTITION),
        "photos_2_workers": lambda: on_workers(2, photos(), PARTITION),
        "crops_alone": lambda: alone(crops(), CROP_PARTITION, True),
        "crops_1_worker": lambda: on_workers(1, crops(), CROP_PARTITION, True),
        "crops_2_workers": lambda: on_workers(2, crops(), CROP_PARTITION, True),
        "tasks": tasks,
        "listing": listing,
        "storage": storage,
    }
    common.main("scale", __doc__, variants, compare)
