"""Times the face detectors on one core, and counts the faces and false boxes on drawn photos.

Reads   nothing: the photos are drawn, most with one large face and smaller ones, some without one
Writes  section `detectors` of benchmarks/results.json
Run     python benchmarks/detectors.py [--rounds 3]     (make bench runs all; FERD_PHOTOS=2 in the
        environment for a short run)
Takes   about 3 minutes
Expect  fast takes a sixth of dlib's time and finds nearly all faces; study is faster than dlib and
        misses small faces
"""

import os
import tempfile
import time
from pathlib import Path

import common

PHOTOS = int(os.environ.get("FERD_PHOTOS", 24))
SIZE = (853, 1280)
SIDES = (480, 160, 120, 100, 80, 80)  # of the drawn tiles; a face fills about half of its tile
FRAMES = 4 * PHOTOS  # of the video


def fast():
    """libfacedetection: the default."""
    return measure("fast")


def dlib():
    """dlib at several levels, the faces of all of them merged."""
    return measure("dlib")


def study():
    """dlib up to the first level with a face, as in the study."""
    return measure("study")


def measure(name):
    """Milliseconds per photo, faces found, false boxes; frames per second of a 720p video.

    The video is searched as `ferd predict` does it by default, and in every frame.
    """
    import cv2

    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    cv2.setNumThreads(1)
    from ferd.inference.classifier import Classifier

    classifier = Classifier.load(common.ROOT / "ferd/models/ferd.onnx", 1, detector=name)
    photos = [draw_photo(seed) for seed in range(PHOTOS)]
    classifier.detector.find(photos[0][0])
    faces = found = false = 0
    start = time.perf_counter()
    boxes = [classifier.detector.find(pixels) for pixels, _ in photos]
    seconds = time.perf_counter() - start
    for (_, tiles), given in zip(photos, boxes, strict=True):
        hits = count(tiles, given)
        faces, found, false = faces + len(tiles), found + hits, false + len(given) - hits
    return {
        "milliseconds_per_photo": 1000 * seconds / PHOTOS,
        "faces": faces,
        "found": found,
        "false_boxes": false,
        "frames_per_second": video_rate(classifier, None),
        "frames_per_second_all_searched": video_rate(classifier, 1),
        "peak_memory_gib": common.peak_gib(),
    }


def count(tiles, faces):
    """How many tiles have a face whose center lies in them."""
    centers = [((one.left + one.right) / 2, (one.top + one.bottom) / 2) for one in faces]
    return sum(
        any(left <= x < left + side and top <= y < top + side for x, y in centers)
        for left, top, side in tiles
    )


def draw_photo(seed):
    """A drawn photo, uint8 RGB, and its faces' tiles: left, top, side. Every fourth has none."""
    import cv2
    import numpy as np

    from ferd.classes import CLASSES
    from ferd.sketch.faces import draw_face

    generator = np.random.default_rng(seed)
    height, width = SIZE
    coarse = generator.integers(60, 200, (height // 40, width // 40, 3)).astype("uint8")
    photo, tiles, left = cv2.resize(coarse, (width, height)), [], 10
    for number, side in enumerate(SIDES if seed % 4 else ()):
        top = int(generator.integers(0, height - side))
        face = draw_face(CLASSES[(seed + number) % 7], generator, side)
        photo[top : top + side, left : left + side] = face[..., np.newaxis]
        tiles.append((left, top, side))
        left += side + 20
    return photo, tiles


def video_rate(classifier, detect_every):
    """Frames per second of a 720p video: decoded, searched and predicted."""
    from ferd.inference.reading.media import read_media

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "video.avi"
        write_video(path)
        sum(1 for _ in read_media([path]))  # starts the decoder, which takes a second once
        start = time.perf_counter()
        found = classifier.predict_frames(read_media([path]), 32, detect_every=detect_every)
        frames = sum(1 for _ in found)
        return frames / (time.perf_counter() - start)


def write_video(path):
    import cv2

    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), 30.0, (1280, 720))
    photo, _ = draw_photo(1)
    for number in range(FRAMES):
        writer.write(photo[number % 100 :][:720, :, ::-1].copy())
    writer.release()


def compare(medians):
    fast = medians["fast"]["milliseconds_per_photo"]
    return {
        f"times_{name}": medians[name]["milliseconds_per_photo"] / fast
        for name in ("dlib", "study")
    }


if __name__ == "__main__":
    common.main("detectors", __doc__, {"fast": fast, "dlib": dlib, "study": study}, compare)
