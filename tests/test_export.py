"""The stage export on small faces, twice, and then `python -m ferd.ship` on what it wrote."""

import hashlib
import json
import sys

import numpy as np
import pytest
import yaml

from ferd import ship
from ferd.export_files import FILES
from ferd.faces import load_faces
from ferd.onnx_network import OnnxNetwork
from ferd.saving import save_model
from ferd.split import validation_rows
from ferd.trained import load_trained, probabilities
from stages import audit, export
from tests.small_faces import make_faces, write_crops
from tests.small_networks import SIZE, small_network
from tests.test_training import SETTINGS

SECTIONS = {
    "train": SETTINGS,
    "audit": {"near_correlation": 0.9, "ferplus": False},
    "evaluate": {"seed": 1, "draws": 100, "bins": 5},
    "export": {"seed": 1, "calibration_faces": 1000, "batch_size": 16, "timed_faces": 2},
    "crop": {"levels": [0, 2], "size": SIZE, "figure_columns": 1},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """After one run of the stage."""
    folder = tmp_path_factory.mktemp("export")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(sys, "argv", ["stage"])
        (folder / "params.yaml").write_text(yaml.safe_dump(SECTIONS))
        splits = {
            name: make_faces((6,) * 7, n, SIZE, name) for n, name in ((4, "train"), (5, "test"))
        }
        write_crops(splits=splits)
        save_model(small_network(), "data/train/model.keras")
        audit.main()
        export.main()
    return folder


@pytest.fixture
def inside(folder, monkeypatch):
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["stage"])
    return folder


@pytest.fixture
def metrics(inside):
    return json.loads((inside / "metrics/export.json").read_text())


def test_metrics_hold_the_hash_and_size_of_every_file(inside, metrics):
    assert list(metrics["formats"]) == ["keras", *FILES]
    for name, file in FILES.items():
        content = (inside / "data/export" / file).read_bytes()
        entry = metrics["formats"][name]
        assert entry["sha256"] == hashlib.sha256(content).hexdigest()
        assert entry["bytes"] == len(content)


def test_every_form_is_scored_as_keras_is(inside, metrics):
    test, train = load_faces("test"), load_faces("train")
    model = load_trained("train")
    labels = probabilities(model, test.images, 16).argmax(axis=1)
    keras = metrics["formats"].pop("keras")
    right = float((labels == test.classes).mean())
    assert keras["test"]["detected"]["accuracy"] == pytest.approx(right, abs=1e-6)
    validating = train.take(validation_rows(train, SETTINGS))
    held_out = probabilities(model, validating.images, 16).argmax(axis=1)
    right = float((held_out == validating.classes).mean())
    assert keras["validation"]["accuracy"] == pytest.approx(right, abs=1e-6)
    for name, entry in metrics["formats"].items():
        exact = name != "onnx_int8"
        assert entry["parity"]["largest_difference"] < (2e-3 if exact else 0.1), name
        if name in ("onnx_float32", "tflite"):
            assert entry["parity"]["same_label"] == 1 and entry["test"] == keras["test"]
        assert entry["test"]["all"]["faces"] == 42


def test_int8_is_measured_on_every_fitted_face_where_there_are_too_few(inside, metrics):
    faces = load_faces("train")
    fitted = len(faces) - validation_rows(faces, SETTINGS).sum()
    assert metrics["faces"] == {"training": fitted, "calibration": fitted}


def test_drawn_faces_are_the_seeds_and_none_twice(inside):
    faces = load_faces("train")
    drawn = export.draw(faces, 5, 3)
    assert np.array_equal(drawn, export.draw(faces, 5, 3))
    assert not np.array_equal(drawn, export.draw(faces, 5, 4))
    assert len({image.tobytes() for image in export.draw(faces, 1000, 3)}) == len(faces)


def test_time_of_each_file_is_a_cost_and_no_metric(inside, metrics):
    cost = json.loads((inside / "metrics/cost/export.json").read_text())
    assert list(cost["milliseconds_per_face"]) == list(FILES) and cost["threads"] == 1
    times = cost["milliseconds_per_face"]
    for size, gain in cost["int8_times_as_fast"].items():
        expected = times["onnx_float32"][size] / times["onnx_int8"][size]
        assert gain == pytest.approx(expected, rel=1e-3)
    assert "milliseconds" not in json.dumps(metrics)


def test_a_second_run_writes_the_same_bytes(inside):
    paths = [inside / "data/export" / file for file in FILES.values()]
    paths.append(inside / "metrics/export.json")
    before = [path.read_bytes() for path in paths]
    for path in paths:
        path.unlink()
    export.main()
    assert [path.read_bytes() for path in paths] == before


def test_ship_puts_the_chosen_file_where_prediction_takes_it(inside, metrics):
    ship.main()
    network = OnnxNetwork(inside / "ferd/models/ferd.onnx")
    entry = metrics["formats"][ship.choose(metrics["formats"])]
    assert hashlib.sha256(network.path.read_bytes()).hexdigest() == entry["sha256"]
    assert network.size == SIZE and network.crop_levels == (0, 2)
    assert network.metrics["test"] == entry["test"]
    images = load_faces("test").images
    expected = probabilities(load_trained("train"), images, 16)
    assert network.probabilities(images) == pytest.approx(expected, abs=0.1)
    assert entry["sha256"] in (inside / "docs/model_card.md").read_text()


def test_ship_refuses_a_file_of_another_run(inside, metrics):
    path = inside / "data/export" / FILES[ship.choose(metrics["formats"])]
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(SystemExit, match=f"{path.name} is not what metrics/export.json describes"):
        ship.main()
    path.write_bytes(content)
