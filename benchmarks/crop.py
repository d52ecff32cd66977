"""Times the crop stage's work against the loop a user would write, and its growth.

Reads   data/raw (or, before the study has run, faces that it draws)
Writes  section `crop` of benchmarks/results.json
Run     python benchmarks/crop.py [--rounds 3]     (make bench runs all)
Takes   about 6 minutes on 2 cores
Expect  nearly twice the loop's images/s on 2 cores; time proportional to the images, memory that
        grows by the two 48x48 arrays only (4.6 kB per image)
"""

import itertools
import time

import common

LEVELS, SIZE, PAIRED = (0, 1, 2, 3), 48, 4000


def plain():
    """One process: read, run dlib at each level, crop, resize."""
    import cv2
    import dlib

    files = common.study_images(PAIRED)
    start = time.perf_counter()
    detector, crops = dlib.get_frontal_face_detector(), []
    for file in files:
        image = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)
        for level in LEVELS:
            boxes = detector(image, level)
            if boxes:
                box = boxes[0]
                top, left = max(box.top(), 0), max(box.left(), 0)
                face = image[top : box.bottom(), left : box.right()]
                crops.append(cv2.resize(face, (SIZE, SIZE)))
                break
    return numbers(PAIRED, start, len(crops))


def ours(count=PAIRED):
    """The stage crop's own function, on all cores."""
    from ferd.dataset.crop.crop_files import crop_files

    files = common.study_images(count)
    start = time.perf_counter()
    results = crop_files(files, LEVELS, SIZE)
    return numbers(count, start, sum(detection is not None for _, _, detection, _ in results))


def numbers(count, start, found):
    seconds = time.perf_counter() - start
    return {
        "images_per_second": count / seconds,
        "seconds": seconds,
        "found": found,
        "peak_memory_gib": common.peak_gib(),
    }


def compare(medians):
    """Ratios: to the loop, and of time and memory with four times the images."""
    growth = [medians[name] for name in ("ours_1000", "ours", "ours_16000")]
    pairs = list(itertools.pairwise(growth))
    return {
        "times_plain": medians["ours"]["images_per_second"] / medians["plain"]["images_per_second"],
        "seconds_for_4_times_the_images": {
            name: after["seconds"] / before["seconds"]
            for name, (before, after) in zip(("1000_to_4000", "4000_to_16000"), pairs, strict=True)
        },
        "bytes_per_further_image": {
            name: 2**30 * (after["peak_memory_gib"] - before["peak_memory_gib"]) / more
            for name, more, (before, after) in zip(
                ("1000_to_4000", "4000_to_16000"), (3000, 12000), pairs, strict=True
            )
        },
    }


if __name__ == "__main__":
    variants = {
        "plain": plain,
        "ours": ours,
        "ours_1000": lambda: ours(1000),
        "ours_16000": lambda: ours(16000),
    }
    common.main("crop", __doc__, variants, compare)
