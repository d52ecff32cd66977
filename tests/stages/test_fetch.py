"""The stage fetch: every face is written or listed as skipped, and counted against the paper."""

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pytest

from ferd.classes import CLASSES, SPLITS
from ferd.dataset.reading.paper_data import PAPER_IMAGES
from ferd.study.settings import ParamError
from stages import fetch
from tests.helpers import small_study
from tests.helpers.broken_files import animated_png, png
from tests.helpers.settings import REPO
from tests.helpers.small_study import read

RAW = Path("data/raw")


@pytest.fixture(autouse=True)
def in_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_params()


def write_params(max_pixels=10_000, max_bad_images=2):
    limits = {"max_pixels": max_pixels, "max_bad_images": max_bad_images}
    small_study.write_params(fetch=limits)


def image(ending=".jpg", shape=(48, 48), seed=0):
    pixels = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
    return cv2.imencode(ending, pixels)[1].tobytes()


def write_source(extra=None):
    """Two gray JPEGs in each class, and whatever else a test adds."""
    content = {
        f"images/{folder}/{label}/{number}.jpg": image(seed=number)
        for folder in ("train", "validation")
        for label in CLASSES
        for number in (1, 2)
    } | (extra or {})
    Path("data").mkdir(exist_ok=True)
    with zipfile.ZipFile("data/source.zip", "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)


def details():
    return read("metrics/details/fetch.json")


def test_gray_jpegs_keep_their_bytes_and_place():
    write_source()
    fetch.main()
    found = sorted(path.relative_to(RAW).as_posix() for path in RAW.rglob("*.jpg"))
    assert found == sorted(f"{s}/{c}/{n}.jpg" for s in SPLITS for c in CLASSES for n in (1, 2))
    assert (RAW / "test/sad/2.jpg").read_bytes() == image(seed=2)
    assert (RAW / "skipped.csv").read_text() == "split,class,name,reason\n"
    source = Path("data/source.zip").read_bytes()
    assert details()["source_sha256"] == hashlib.sha256(source).hexdigest()


def test_other_images_become_gray_png_without_loss():
    write_source(
        {
            "images/train/fear/colour.jpg": image(shape=(30, 20, 3)),
            "images/train/fear/gray.png": image(".png"),
            "images/train/fear/flat.bmp": image(".bmp"),
        }
    )
    fetch.main()
    for name, original in (("gray", ".png"), ("flat", ".bmp")):
        written = cv2.imread(str(RAW / f"train/fear/{name}.png"), cv2.IMREAD_UNCHANGED)
        expected = cv2.imdecode(np.frombuffer(image(original), np.uint8), cv2.IMREAD_GRAYSCALE)
        assert np.array_equal(written, expected)
    colour = cv2.imread(str(RAW / "train/fear/colour.png"), cv2.IMREAD_UNCHANGED)
    assert colour.shape == (30, 20)
    assert details()["reencoded"] == 3
    assert details()["images"]["train"]["fear"] == 5


def test_counts_are_compared_with_the_papers():
    write_source()
    fetch.main()
    for split in SPLITS:
        images, difference = details()["images"][split], details()["paper_difference"][split]
        assert images == {"all": 14, **dict.fromkeys(CLASSES, 2)}
        assert difference == {
            "all": 14 - sum(PAPER_IMAGES[split].values()),
            **{label: 2 - PAPER_IMAGES[split][label] for label in CLASSES},
        }


def test_the_papers_sizes_add_up_to_its_totals():
    assert [sum(PAPER_IMAGES[split].values()) for split in SPLITS] == [28_821, 7_066]
    assert all(tuple(PAPER_IMAGES[split]) == CLASSES for split in SPLITS)


def test_unreadable_images_are_skipped_counted_and_listed():
    bad = {
        "images/train/happy/note.jpg": b"hello",
        "images/validation/sad/cut.jpg": image()[:-30],
    }
    write_source(bad)
    fetch.main()
    assert details()["skipped"] == {"train": 1, "test": 1}
    assert details()["images"]["train"]["happy"] == 2
    table = pd.read_csv(RAW / "skipped.csv")
    assert table["name"].tolist() == ["note", "cut"]
    assert table["class"].tolist() == ["happy", "sad"]
    assert "is not an image" in table["reason"][0] and "cut off" in table["reason"][1]


@pytest.mark.parametrize("bad", [animated_png(9, 9), animated_png(4, 4), png(filter_byte=9)])
def test_images_that_crash_opencv_are_skipped(bad):
    write_source({"images/train/happy/bad.png": bad})
    fetch.main()
    assert details()["skipped"] == {"train": 1, "test": 0}
    assert "damaged" in pd.read_csv(RAW / "skipped.csv")["reason"][0]


def test_a_name_in_the_list_is_no_formula():
    write_source({"images/train/happy/=1+1.jpg": b"x", "@sum.png": b"x"})
    fetch.main()
    assert pd.read_csv(RAW / "skipped.csv")["name"].tolist() == ["./@sum.png", "./=1+1"]


def test_files_that_lie_elsewhere_or_have_too_long_names_are_listed():
    long = f"images/train/happy/{'n' * 300}.jpg"
    write_source({"images/trbin/happy/1.jpg": image(), "images/3.png": image(), long: image()})
    write_params(max_bad_images=3)
    fetch.main()
    assert details()["skipped"] == {"train": 1, "test": 0, "elsewhere": 2}
    table = pd.read_csv(RAW / "skipped.csv")
    assert table["name"].tolist() == ["images/3.png", "images/trbin/happy/1.jpg", "n" * 300]
    assert "does not lie in" in table["reason"][0] and "251 bytes" in table["reason"][2]


def test_too_big_images_are_skipped_by_the_parameter():
    write_params(max_pixels=48 * 48)
    write_source({"images/train/happy/big.png": image(".png", (48, 49))})
    fetch.main()
    assert "49 x 48 pixels" in pd.read_csv(RAW / "skipped.csv")["reason"][0]


def test_more_bad_images_than_allowed_stop_the_stage_and_keep_the_old_result():
    write_source()
    fetch.main()
    before = Path("metrics/details/fetch.json").read_text()
    write_source({f"images/train/happy/bad{number}.jpg": b"" for number in range(3)})
    with pytest.raises(
        SystemExit, match=r"more than 2 images .*fetch\.max_bad_images.*bad2"
    ) as end:
        fetch.main()
    assert "\n" not in str(end.value)
    assert len(pd.read_csv("data/raw.partial/skipped.csv")) == 3
    assert len(list(RAW.rglob("*.jpg"))) == 28
    assert Path("metrics/details/fetch.json").read_text() == before


def test_a_class_without_a_readable_image_stops_the_stage():
    write_source({f"images/train/fear/{number}.jpg": b"x" for number in (1, 2)})
    with pytest.raises(SystemExit, match="train/fear: none of its images"):
        fetch.main()
    assert not RAW.exists()


def test_a_second_run_replaces_the_first_and_leaves_no_traces():
    write_source({"images/train/fear/gone.jpg": image()})
    fetch.main()
    write_source()
    fetch.main()
    assert not (RAW / "train/fear/gone.jpg").exists()
    assert sorted(path.name for path in Path("data").iterdir()) == ["raw", "source.zip"]


def test_a_missing_source_says_how_to_bring_it():
    with pytest.raises(SystemExit, match=r"python -m ferd\.dataset\.reading\.source"):
        fetch.main()


def test_wrong_parameters_are_refused_by_name():
    write_source()
    write_params(max_bad_images=-1)
    with pytest.raises(ParamError, match=r"fetch\.max_bad_images"):
        fetch.main()


def test_help_loads_nothing_heavy_when_run_as_a_script():
    command = [sys.executable, "-X", "importtime", "-m", "stages.fetch", "--help"]
    result = subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=True)
    assert "data/raw" in result.stdout
    assert not any(name in result.stderr for name in ("numpy", "cv2", "pandas"))
