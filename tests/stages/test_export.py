"""The stage export of cosine and improved on small faces, and `ferd.packaged.ship` on its files."""

import hashlib
import json
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from ferd.dataset.crop.boxes import read_boxes
from ferd.dataset.parts.faces import load_faces
from ferd.dataset.parts.split import validation_rows
from ferd.export import photo_crops
from ferd.export.export_files import FILES
from ferd.export.exporting import draw
from ferd.imaging.framing import Framing
from ferd.inference.onnx_network import OnnxNetwork
from ferd.networks.residual import build_residual
from ferd.packaged import ship
from ferd.packaged.model_card import NETWORKS
from ferd.packaged.trained import choose
from ferd.study.settings import load_recipe, load_training
from ferd.training.core.saving import save_model
from ferd.training.core.trained import load_trained, probabilities
from ferd.training.recipes.train_recipe import predict_views
from stages import audit, export
from tests.helpers.small_export import WINDOW, write_study
from tests.helpers.small_networks import SIZE, small_network
from tests.helpers.small_study import read

pytestmark = pytest.mark.slow

RUNS = {"cosine": "cosine", "improved": "improved/1"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """After one run of the stage for each network."""
    folder = tmp_path_factory.mktemp("export")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        write_study()
        save_model(small_network(), "data/cosine/model.keras")
        save_model(build_residual(load_recipe("improved", 1), 7), "data/improved/1/model.keras")
        audit.main()
        for network, run in RUNS.items():
            export.main(network, run)
    return folder


@pytest.fixture
def inside(folder, monkeypatch):
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["ship"])
    return folder


@pytest.fixture
def details(inside):
    return read("metrics/details/export/cosine.json")


def exports():
    return {network: read(f"metrics/details/export/{network}.json") for network in NETWORKS}


def test_improved_is_scored_on_faces_cut_out_as_prediction_does(inside):
    details = exports()["improved"]
    framing = Framing(**details["framing"])
    wide, high = SIZE - 4, SIZE - 4
    assert framing == pytest.approx((-2 / wide, -3 / high, 1 + 2 / wide, 1 + 1 / high), abs=1e-6)
    test = load_faces("test", view="whole")
    model = load_trained("improved/1")
    # The boxes are equal in every image, so the crop is the whole image again.
    views = predict_views(model, test.images, {"crop_size": WINDOW}, "flip")
    right = views.argmax(axis=1) == test.classes
    keras = details["formats"]["keras"]["test"]
    assert keras["all"]["accuracy"] == pytest.approx(float(right.mean()), abs=1e-6)
    assert keras["detected"]["accuracy"] == pytest.approx(float(right[test.found].mean()), abs=1e-6)
    assert details["uncut"]["test"]["accuracy"] == keras["detected"]["accuracy"]
    assert details["uncut"]["validation"]["faces"] == keras_validation(details)["faces"]
    assert keras_validation(details)["faces"] == keras_validation(exports()["cosine"])["faces"]
    for name in ("onnx_float32", "onnx_float16", "tflite"):
        assert details["formats"][name]["parity"]["largest_difference"] < 2e-3, name


def keras_validation(details):
    return details["formats"]["keras"]["validation"]


def test_a_face_away_from_the_middle_is_cut_out_with_what_is_around_it(inside):
    uncut = photo_crops.read_faces(load_recipe("improved", 1))
    framing = Framing(**exports()["improved"]["framing"])
    boxes = read_boxes(SIZE)
    assert set(boxes.loc[uncut.test.names[uncut.test.found]].left) == {2}
    shown = photo_crops.frame_faces(uncut, boxes, framing._replace(left=0.0))
    found = uncut.test.found
    assert np.array_equal(shown.test.images[~found], uncut.test.images[~found])
    narrow = uncut.test.images[found][0][:, 2:]
    assert np.array_equal(shown.test.images[found][0], cv2.resize(narrow, (SIZE, SIZE)))


def test_details_hold_the_hash_and_size_of_every_file(inside, details):
    assert list(details["formats"]) == ["keras", *FILES]
    for name, file in FILES.items():
        content = (inside / "data/export/cosine" / file).read_bytes()
        entry = details["formats"][name]
        assert entry["sha256"] == hashlib.sha256(content).hexdigest()
        assert entry["bytes"] == len(content)


def test_every_form_is_scored_as_keras_is(inside, details):
    test, train = load_faces("test"), load_faces("train")
    model = load_trained("cosine")
    labels = probabilities(model, test.images, 16).argmax(axis=1)
    keras = details["formats"].pop("keras")
    right = float((labels == test.classes).mean())
    assert keras["test"]["detected"]["accuracy"] == pytest.approx(right, abs=1e-6)
    validating = train.take(validation_rows(train, load_training("cosine")[0]))
    held_out = probabilities(model, validating.images, 16).argmax(axis=1)
    right = float((held_out == validating.classes).mean())
    assert keras["validation"]["accuracy"] == pytest.approx(right, abs=1e-6)
    for name, entry in details["formats"].items():
        exact = name != "onnx_int8"
        assert entry["parity"]["largest_difference"] < (2e-3 if exact else 0.1), name
        if name in ("onnx_float32", "tflite"):
            assert entry["parity"]["same_label"] == 1 and entry["test"] == keras["test"]
        assert entry["test"]["all"]["faces"] == 42


def test_int8_is_measured_on_every_fitted_face_where_there_are_too_few(inside, details):
    faces = load_faces("train")
    fitted = len(faces) - validation_rows(faces, load_training("cosine")[0]).sum()
    assert details["faces"] == {"training": fitted, "calibration": fitted}


def test_drawn_faces_are_the_seeds_and_none_twice(inside):
    faces = load_faces("train")
    drawn = draw(faces, 5, 3)
    assert np.array_equal(drawn, draw(faces, 5, 3))
    assert not np.array_equal(drawn, draw(faces, 5, 4))
    assert len({image.tobytes() for image in draw(faces, 1000, 3)}) == len(faces)


def test_time_of_each_file_is_a_cost_and_no_detail(inside, details):
    cost = read("metrics/cost/export/cosine.json")
    assert list(cost["milliseconds_per_face"]) == list(FILES) and cost["threads"] == 1
    times = cost["milliseconds_per_face"]
    for size, gain in cost["int8_times_as_fast"].items():
        expected = times["onnx_float32"][size] / times["onnx_int8"][size]
        assert gain == pytest.approx(expected, rel=1e-3)
    assert "milliseconds" not in json.dumps(details)


def test_a_second_run_writes_the_same_bytes(inside):
    paths = [
        inside / f"data/export/{network}/{file}" for network in RUNS for file in FILES.values()
    ]
    paths += [inside / f"metrics/details/export/{network}.json" for network in RUNS]
    before = [path.read_bytes() for path in paths]
    for path in paths:
        path.unlink()
    for network, run in RUNS.items():
        export.main(network, run)
    assert [path.read_bytes() for path in paths] == before


def test_ship_puts_the_chosen_file_where_prediction_takes_it(inside, details):
    ship.main()
    network = OnnxNetwork(inside / "ferd/models/ferd.onnx")
    chosen, name = choose(exports())
    entry = exports()[chosen]["formats"][name]
    assert hashlib.sha256(network.path.read_bytes()).hexdigest() == entry["sha256"]
    assert network.size == SIZE and network.crop_levels == (0, 2)
    assert (network.framing == Framing()) == (chosen == "cosine")
    assert network.metrics["test"] == entry["test"]
    images = load_faces("test").images
    expected = {
        "cosine": probabilities(load_trained("cosine"), images, 16),
        "improved": predict_views(
            load_trained("improved/1"), images, {"crop_size": WINDOW}, "flip"
        ),
    }
    assert network.probabilities(images) == pytest.approx(expected[chosen], abs=0.1)
    assert entry["sha256"] in (inside / "docs/model_card.md").read_text()


def test_ship_refuses_a_file_of_another_run(inside, details):
    chosen, name = choose(exports())
    path = Path("data/export", chosen, FILES[name])
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(SystemExit, match=f"{path.name} is not what .*{chosen}.json describes"):
        ship.main()
    path.write_bytes(content)
