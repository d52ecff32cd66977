"""Detects and crops many image files over several processes, in the order given."""

import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path

import cv2
import dlib

from ferd.classes import CLASSES, SPLITS
from ferd.imaging.detector import crop, detect

_detector = None


def list_images(root):
    """Lists the image files of data/raw, sorted; names that are numbers sort as numbers.

    Args:
        root: Folder with `<split>/<class>/<file>`.

    Returns:
        List of `(split, class name, Path)`.
    """
    found = []
    for split in SPLITS:
        for name in CLASSES:
            files = sorted(Path(root, split, name).iterdir(), key=_by_number)
            found += [(split, name, file) for file in files]
    return found


def crop_files(files, levels, size, workers=None, progress=iter):
    """Runs `crop_file` on every file.

    Args:
        files: Paths of readable gray images.
        levels: As in `detect`.
        size: As in `crop`.
        workers: Processes; all cores where None.
        progress: Wraps the iterator of results, e.g. a tqdm bar.

    Returns:
        List of what `crop_file` returns, in the order of `files` whatever the number of workers.
    """
    jobs = [(str(file), tuple(levels), size) for file in files]
    # Spawned, not forked, because a fork can deadlock if the caller already runs threads.
    with ProcessPoolExecutor(workers or os.cpu_count(), mp_context=get_context("spawn")) as pool:
        return list(progress(pool.map(crop_file, jobs, chunksize=32)))


def crop_file(job):
    """Detects and crops one file.

    Args:
        job: `(path, levels, size)`.

    Returns:
        `(whole, cut, detection, sides)`: two uint8 images `(size, size)`, the second all zero where
        no face was found, a `Detection` or None, and the file's `(width, height)` in pixels.

    Raises:
        ValueError: If OpenCV cannot read the file; the stage fetch refuses such files.
    """
    global _detector
    path, levels, size = job
    # One detector and one OpenCV thread per process, because the processes already use all cores.
    _detector = _detector or dlib.get_frontal_face_detector()
    cv2.setNumThreads(1)
    image = cv2.imread(path, cv2.IMREAD_GRAYSCALE)
    if image is None:
        raise ValueError(f"{path}: not an image that OpenCV can read; run the fetch stage again")
    detection = detect(image, levels, _detector)
    whole = crop(image, None, size)
    cut = crop(image, detection, size) if detection else whole * 0
    return whole, cut, detection, image.shape[::-1]


def detection_table(entries, detections, sides):
    """One row per image: split, class, name, its size, found, and the detected face.

    Args:
        entries: As `list_images` gives them.
        detections: A `Detection` or None of each.
        sides: Width and height of each in pixels.

    Returns:
        DataFrame; the level, the box in pixels of the image, and the score are empty where no face
        was found.

    Raises:
        ValueError: If the three differ in length.
    """
    # Imported here because the worker processes import this module too, and pandas takes a second.
    import pandas as pd

    rows = []
    for (split, name, file), detection, side in zip(entries, detections, sides, strict=True):
        width, height = side
        row = {"split": split, "class": name, "name": file.stem, "width": width, "height": height}
        row["found"] = int(detection is not None)
        rows.append(row | (asdict(detection) if detection else {}))
    whole = ["level", "left", "top", "right", "bottom"]
    columns = ["split", "class", "name", "width", "height", "found", *whole, "score"]
    table = pd.DataFrame(rows, columns=columns)
    return table.astype({column: "Int64" for column in whole})


def _by_number(file):
    return (0, int(file.stem), file.name) if file.stem.isdigit() else (1, 0, file.name)
