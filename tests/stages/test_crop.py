"""The stage crop as DVC runs it: outputs agree with each other and are equal in every run."""

import subprocess
import sys
import zipfile

import cv2
import numpy as np
import pandas as pd
import pytest

from ferd.classes import CLASSES, SPLITS
from ferd.imaging.detector import detect
from ferd.sketch.archive import sketch_archive
from tests.helpers.predicting import environment
from tests.helpers.sketches import DETECTOR
from tests.helpers.small_study import read, write_params

SETTINGS = {"levels": [1, 2], "face_size": 48, "figure_columns": 2}
OUTPUTS = {
    "data/crops.csv",
    "data/crops.npz",
    "data/crop_figures/found_crops.png",
    "data/crop_figures/found_whole.png",
    "data/crop_figures/not_found.png",
    "metrics/details/crop.json",
    "metrics/cost/crop.json",
}


def lay_out(folder, train, test, faceless_share):
    """Sketches in data/raw, so many a class, and params.yaml."""
    sketch_archive(folder / "sketch.zip", train, test, seed=1, faceless_share=faceless_share)
    with zipfile.ZipFile(folder / "sketch.zip") as archive:
        for name in archive.namelist():
            path = folder / name.replace("images", "data/raw").replace("validation", "test")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(archive.read(name))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        write_params(crop=SETTINGS)
    return folder


def run(folder):
    command, options = [sys.executable, "-m", "stages.crop"], {"env": environment(), "text": True}
    return subprocess.run(command, cwd=folder, capture_output=True, timeout=300, **options)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = lay_out(tmp_path_factory.mktemp("crop"), 3, 2, 0.34)
    done = run(folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def arrays(folder):
    with np.load(folder / "data/crops.npz") as file:
        return {name: file[name] for name in file.files}


@pytest.fixture(scope="module")
def table(folder):
    return pd.read_csv(folder / "data/crops.csv", dtype={"name": str})


def test_every_output_exists_and_no_other(folder):
    raw = folder / "data/raw"
    files = [path for path in folder.rglob("*") if path.is_file() and raw not in path.parents]
    found = {path.relative_to(folder).as_posix() for path in files}
    assert found == OUTPUTS | {"sketch.zip", "params.yaml"}


def test_table_and_arrays_hold_the_same_rows(arrays, table):
    assert len(table) == len(CLASSES) * 5
    assert all(len(array) == len(table) for array in arrays.values())
    assert arrays["found"].tolist() == table["found"].astype(bool).tolist()
    assert [CLASSES[index] for index in arrays["classes"]] == table["class"].tolist()
    assert arrays["splits"].tolist() == table["split"].tolist()
    names = (table["split"] + "/" + table["class"] + "/" + table["name"]).tolist()
    assert arrays["names"].tolist() == names


def test_images_are_gray_squares_and_cut_only_where_a_face_was_found(arrays):
    for view in ("whole", "crops"):
        assert arrays[view].shape[1:] == (48, 48) and arrays[view].dtype == np.uint8
    cut = arrays["crops"].any(axis=(1, 2))
    assert np.array_equal(cut, arrays["found"]) and 0 < cut.sum() < len(cut)


def test_each_row_is_the_image_of_its_name(folder, arrays, table):
    for row in (0, 17, len(table) - 1):
        path = folder / "data/raw" / f"{arrays['names'][row]}.jpg"
        picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        assert np.array_equal(arrays["whole"][row], picture)
        found = detect(picture, SETTINGS["levels"], DETECTOR)
        assert table["found"][row] == (found is not None)
        if found:
            assert table.loc[row, ["left", "top", "right", "bottom"]].tolist() == [
                *(found.left, found.top, found.right, found.bottom)
            ]


def test_details_count_what_the_table_lists(folder, table):
    details = read(folder / "metrics/details/crop.json")
    found = table[table["found"] == 1]
    assert (details["images"], details["found"]) == (len(table), len(found))
    assert details["found_share"] == pytest.approx(len(found) / len(table), abs=1e-6)
    assert details["level"] == {str(n): int((found["level"] == n).sum()) for n in (1, 2)}
    assert sum(details["level"].values()) == len(found)
    for split in SPLITS:
        assert details[split]["images"] == (table["split"] == split).sum()
        here = found[found["split"] == split]
        assert details[split]["found"] == len(here)
        assert details[split]["found_per_class"] == {
            name: (here["class"] == name).sum() for name in CLASSES
        }


def test_cost_names_the_images(folder, table):
    cost = read(folder / "metrics/cost/crop.json")
    assert cost["images"] == len(table) and cost["seconds"] > 0


def test_figures_show_a_row_per_class_and_the_asked_number_of_columns(folder):
    for name in ("found_whole", "found_crops"):
        sheet = cv2.imread(str(folder / f"data/crop_figures/{name}.png"), cv2.IMREAD_UNCHANGED)
        assert sheet.shape == (7 * 100 + 4, 2 * 100 + 4)  # twice 48 pixels and a gap of 4


def test_a_second_run_gives_the_same_bytes(folder):
    outputs = OUTPUTS - {"metrics/cost/crop.json"}
    before = {name: (folder / name).read_bytes() for name in outputs}
    assert run(folder).returncode == 0
    assert {name: (folder / name).read_bytes() for name in outputs} == before


def test_a_set_without_any_face_stops_with_a_message_and_writes_nothing(tmp_path):
    done = run(lay_out(tmp_path, 1, 1, 1.0))
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "no face found in any train image; look at data/raw and crop.levels"
    )
    assert not (tmp_path / "data/crops.npz").exists() and not (tmp_path / "metrics").exists()
