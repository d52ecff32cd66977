"""Writes the data set's images into folders and compares their counts with the paper's.

Reads   data/source.zip, which `python -m ferd.dataset.reading.source` copies or downloads: a zip in
        any layout of `ferd.dataset.reading.archive`
Writes  data/raw/{train,test}/<class>/<name>.jpg (an ordinary 8-bit gray JPEG keeps its bytes) or
        <name>.png (any other image, without loss), data/raw/skipped.csv (a row per image that
        cannot be read), metrics/details/fetch.json, metrics/cost/fetch.json
Run     dvc repro fetch           (or, from the top folder: python -m stages.fetch)
Takes   about half a minute for 35,887 images
Expect  28,821 train and 7,066 test images, none skipped, no difference from the paper's table
"""

import hashlib
import os
import shutil
from collections import Counter
from pathlib import Path

from ferd.classes import CLASSES, SPLITS
from ferd.dataset.reading.archive import read_faces, read_lost
from ferd.dataset.reading.gray import read_gray
from ferd.dataset.reading.paper_data import PAPER_IMAGES
from ferd.imaging.images import BadImage, encode_png, is_gray_jpeg
from ferd.study import stage
from ferd.study.cost import measure_cost
from ferd.study.settings import load

SOURCE, RAW = Path("data/source.zip"), Path("data/raw")
DETAILS = Path("metrics/details/fetch.json")
LOST = "does not lie in <split>/<class>/, as a face does"
MAX_NAME = 255 - len(".png")  # bytes; file systems take 255


def fetch(source, folder, max_pixels, max_bad_images):
    """Writes the images of a data set into folders.

    Args:
        source: Zip, folder or CSV that `ferd.dataset.reading.archive.read_faces` takes.
        folder: An empty folder to write into.
        max_pixels: Most pixels of an image; a bigger one counts as unreadable.
        max_bad_images: Most unreadable images that are skipped.

    Returns:
        `(images, skipped, reencoded)`: a Counter of `(split, class)`, a list of
        `(split, class, name, reason)`, and how many images were encoded anew. Split and class are
        empty for a file that lies elsewhere.

    Raises:
        SystemExit: If more images are unreadable, or a class has none left.
    """
    from tqdm import tqdm

    images, reencoded = Counter(), 0
    skipped = [("", "", name, f"{name}: {LOST}") for name in read_lost(source)]
    for split, label in ((split, label) for split in SPLITS for label in CLASSES):
        (folder / split / label).mkdir(parents=True)
    _refuse_too_many(skipped, max_bad_images, folder)
    faces = tqdm(read_faces(source), "fetch", unit=" images", mininterval=5)
    for split, label, name, content in faces:
        try:
            _refuse_long(name)
            gray = read_gray(content, f"{split}/{label}/{name}", max_pixels)
        except BadImage as error:
            skipped.append((split, label, name, str(error)))
            _refuse_too_many(skipped, max_bad_images, folder)
            continue
        original = is_gray_jpeg(content)
        ending, data = ("jpg", content) if original else ("png", encode_png(gray))
        (folder / split / label / f"{name}.{ending}").write_bytes(data)
        images[split, label] += 1
        reencoded += not original
    _refuse_empty_class(images)
    _write_skipped(skipped, folder)
    return images, skipped, reencoded


def summarize(images, skipped, reencoded):
    """The stage's details: counts by split and class, and their difference from the paper's.

    Args:
        images, skipped, reencoded: As `fetch` returns them.

    Returns:
        Dict: `images` and `paper_difference` (ours minus the paper's) with `all` and each class
        per split, `skipped` per split (and `elsewhere`, if there are any), and `reencoded`.
    """
    ours = {split: {label: images[split, label] for label in CLASSES} for split in SPLITS}
    difference = {
        split: {label: ours[split][label] - PAPER_IMAGES[split][label] for label in CLASSES}
        for split in SPLITS
    }
    return {
        "images": {split: _with_total(ours[split]) for split in SPLITS},
        "skipped": _by_split(skipped),
        "reencoded": reencoded,
        "paper_difference": {split: _with_total(difference[split]) for split in SPLITS},
    }


def main():
    """Runs the stage."""
    settings = load("fetch")
    if not SOURCE.is_file():
        raise SystemExit(
            f"{SOURCE}: not there; bring it with python -m ferd.dataset.reading.source [DATA]"
        )
    from ferd.study.base.results import write_json

    with measure_cost("metrics/cost/fetch.json"):
        partial = RAW.with_name(RAW.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        result = fetch(SOURCE, partial, **settings)
        _replace(partial, RAW)
        counts = summarize(*result) | {"source_sha256": digest(SOURCE)}
        write_json(DETAILS, counts)
    for split in SPLITS:
        count, difference = (counts[key][split]["all"] for key in ("images", "paper_difference"))
        print(f"{split}: {count} images, {difference:+d} to the paper's table")
    print(f"skipped {len(result[1])}, re-encoded {result[2]}; see {DETAILS}")


def digest(path):
    """SHA-256 of a file, by which results measured elsewhere know their data."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _by_split(skipped):
    counts = {split: sum(row[0] == split for row in skipped) for split in SPLITS}
    elsewhere = len(skipped) - sum(counts.values())
    return counts | ({"elsewhere": elsewhere} if elsewhere else {})


def _with_total(counts):
    return {"all": sum(counts.values()), **counts}


def _refuse_long(name):
    if len(name.encode()) > MAX_NAME:
        raise BadImage(f"{name[:40]}...: its name has more than {MAX_NAME} bytes")


def _refuse_too_many(skipped, limit, folder):
    if len(skipped) <= limit:
        return
    _write_skipped(skipped, folder)
    raise SystemExit(
        f"more than {limit} images cannot be read (fetch.max_bad_images); the last: "
        f"{skipped[-1][-1]}; all so far: {folder / 'skipped.csv'}"
    )


def _refuse_empty_class(images):
    for split, label in ((split, label) for split in SPLITS for label in CLASSES):
        if not images[split, label]:
            raise SystemExit(f"{split}/{label}: none of its images can be read; replace them")


def _write_skipped(skipped, folder):
    import pandas as pd

    from ferd.study.base.results import write_table

    # A spreadsheet would run a name that starts so.
    rows = [
        [f"./{cell}" if cell.startswith(("=", "+", "-", "@")) else cell for cell in row]
        for row in skipped
    ]
    table = pd.DataFrame(rows, columns=["split", "class", "name", "reason"])
    write_table(folder / "skipped.csv", table)


def _replace(partial, folder):
    # The old folder is moved away first: a folder cannot be renamed over one with files.
    old = folder.with_name(folder.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        os.replace(folder, old)
    os.replace(partial, folder)
    shutil.rmtree(old, ignore_errors=True)


if __name__ == "__main__":
    stage.run(main, __doc__)
