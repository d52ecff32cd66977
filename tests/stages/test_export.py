"""The export stages on small faces, twice, and then `python -m ferd.export.ship` on what they wrote."""

import hashlib
import json
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import yaml

from ferd.dataset.crop.boxes import read_boxes
from ferd.dataset.parts.faces import load_faces
from ferd.dataset.parts.split import validation_rows
from ferd.export import ship
from ferd.export.export_files import FILES
from ferd.export.exporting import draw
from ferd.imaging.framing import Framing
from ferd.inference.onnx_network import OnnxNetwork
from ferd.networks.residual import build_residual
from ferd.training.core.saving import save_model
from ferd.training.core.trained import load_trained, probabilities
from ferd.training.recipes.data import join
from ferd.training.recipes.train_recipe import predict_views
from stages import audit, export, export_improved
from tests.helpers.small_faces import make_faces, write_crops
from tests.helpers.small_networks import SIZE, small_network
from tests.training.test_train_cnn import SETTINGS

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
SECTIONS = {
    "train": SETTINGS,
    "audit": {"near_correlation": 0.9, "ferplus": False},
    "evaluate": {"seed": 1, "draws": 100, "bins": 5},
    "export": {"seed": 1, "calibration_faces": 1000, "batch_size": 16, "timed_faces": 2},
    "crop": {"levels": [0, 2], "face_size": SIZE, "figure_columns": 1},
}
WINDOW = SIZE - 4


def improved_section():
    """The committed section, for small faces and the validation part of `SETTINGS`."""
    committed = yaml.safe_load((ROOT / "params.yaml").read_text())
    return committed["improved"] | {
        "validation_fraction": SETTINGS["validation_fraction"],
        "crop_size": WINDOW,
        "widths": [16, 16],
        "blocks": [1, 1],
        "stem": 16,
    }


def write_boxes(faces):
    """data/crops.csv, the boxes two columns and three rows inside the images."""
    rows = []
    for name, found in zip(faces.names, faces.found, strict=True):
        box = (2, 3, SIZE - 2, SIZE - 1) if found else ("", "", "", "")
        rows.append(",".join(map(str, [*name.split("/"), SIZE, SIZE, int(found), *box])))
    head = "split,class,name,width,height,found,left,top,right,bottom"
    Path("data/crops.csv").write_text("\n".join([head, *rows]) + "\n")


def write_study(sections):
    """params.yaml and what the stage crop writes of small faces, into the working folder."""
    Path("params.yaml").write_text(yaml.safe_dump(sections))
    splits = {name: make_faces((6,) * 7, n, SIZE, name) for n, name in ((4, "train"), (5, "test"))}
    write_crops(splits=splits)
    write_boxes(join(splits["train"], splits["test"]))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """After one run of the stage."""
    folder = tmp_path_factory.mktemp("export")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(sys, "argv", ["stage"])
        sections = SECTIONS | {"improved": improved_section()}
        sections["export_improved"] = SECTIONS["export"] | {"views": "flip"}
        write_study(sections)
        save_model(small_network(), "data/train/model.keras")
        save_model(build_residual(improved_section(), 7), "data/improved/1/model.keras")
        audit.main()
        export.main()
        patch.setattr(sys, "argv", ["stage", "1"])
        export_improved.main()
    return folder


@pytest.fixture
def inside(folder, monkeypatch):
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["stage"])
    return folder


@pytest.fixture
def metrics(inside):
    return json.loads((inside / "metrics/export.json").read_text())


def exports(inside):
    return {name: json.loads((inside / f"metrics/{name}.json").read_text()) for name in ship.STAGES}


def test_improved_is_scored_on_faces_cut_out_as_prediction_does(inside):
    metrics = exports(inside)["export_improved"]
    framing = Framing(**metrics["framing"])
    wide, high = SIZE - 4, SIZE - 4
    assert framing == pytest.approx((-2 / wide, -3 / high, 1 + 2 / wide, 1 + 1 / high), abs=1e-6)
    test = load_faces("test", view="whole")
    model = load_trained("improved/1")
    # The boxes are equal in every image, so the crop is the whole image again.
    views = predict_views(model, test.images, {"crop_size": WINDOW}, "flip")
    right = views.argmax(axis=1) == test.classes
    keras = metrics["formats"]["keras"]["test"]
    assert keras["all"]["accuracy"] == pytest.approx(float(right.mean()), abs=1e-6)
    assert keras["detected"]["accuracy"] == pytest.approx(float(right[test.found].mean()), abs=1e-6)
    assert metrics["uncut"]["test"]["accuracy"] == keras["detected"]["accuracy"]
    assert metrics["uncut"]["validation"]["faces"] == keras_validation(metrics)["faces"]
    assert (
        keras_validation(metrics)["faces"] == keras_validation(exports(inside)["export"])["faces"]
    )
    for name in ("onnx_float32", "onnx_float16", "tflite"):
        assert metrics["formats"][name]["parity"]["largest_difference"] < 2e-3, name


def keras_validation(metrics):
    return metrics["formats"]["keras"]["validation"]


def test_a_face_away_from_the_middle_is_cut_out_with_what_is_around_it(inside):
    uncut = export_improved.read_faces(improved_section() | {"seed": 1})
    framing = Framing(**exports(inside)["export_improved"]["framing"])
    boxes = read_boxes(SIZE)
    assert set(boxes.loc[uncut.test.names[uncut.test.found]].left) == {2}
    shown = export_improved.frame_faces(uncut, boxes, framing._replace(left=0.0))
    found = uncut.test.found
    assert np.array_equal(shown.test.images[~found], uncut.test.images[~found])
    narrow = uncut.test.images[found][0][:, 2:]
    assert np.array_equal(shown.test.images[found][0], cv2.resize(narrow, (SIZE, SIZE)))


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
    drawn = draw(faces, 5, 3)
    assert np.array_equal(drawn, draw(faces, 5, 3))
    assert not np.array_equal(drawn, draw(faces, 5, 4))
    assert len({image.tobytes() for image in draw(faces, 1000, 3)}) == len(faces)


def test_time_of_each_file_is_a_cost_and_no_metric(inside, metrics):
    cost = json.loads((inside / "metrics/cost/export.json").read_text())
    assert list(cost["milliseconds_per_face"]) == list(FILES) and cost["threads"] == 1
    times = cost["milliseconds_per_face"]
    for size, gain in cost["int8_times_as_fast"].items():
        expected = times["onnx_float32"][size] / times["onnx_int8"][size]
        assert gain == pytest.approx(expected, rel=1e-3)
    assert "milliseconds" not in json.dumps(metrics)


def test_a_second_run_writes_the_same_bytes(inside, monkeypatch):
    paths = [inside / "data" / stage / file for stage in ship.STAGES for file in FILES.values()]
    paths += [inside / f"metrics/{stage}.json" for stage in ship.STAGES]
    before = [path.read_bytes() for path in paths]
    for path in paths:
        path.unlink()
    export.main()
    monkeypatch.setattr(sys, "argv", ["stage", "1"])
    export_improved.main()
    assert [path.read_bytes() for path in paths] == before


def test_ship_puts_the_chosen_file_where_prediction_takes_it(inside, metrics):
    ship.main()
    network = OnnxNetwork(inside / "ferd/models/ferd.onnx")
    stage, name = ship.choose(exports(inside))
    entry = exports(inside)[stage]["formats"][name]
    assert hashlib.sha256(network.path.read_bytes()).hexdigest() == entry["sha256"]
    assert network.size == SIZE and network.crop_levels == (0, 2)
    assert (network.framing == Framing()) == (stage == "export")
    assert network.metrics["test"] == entry["test"]
    images = load_faces("test").images
    expected = {
        "export": probabilities(load_trained("train"), images, 16),
        "export_improved": predict_views(
            load_trained("improved/1"), images, {"crop_size": WINDOW}, "flip"
        ),
    }
    assert network.probabilities(images) == pytest.approx(expected[stage], abs=0.1)
    assert entry["sha256"] in (inside / "docs/model_card.md").read_text()


def test_ship_refuses_a_file_of_another_run(inside, metrics):
    stage, name = ship.choose(exports(inside))
    path = inside / "data" / stage / FILES[name]
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(SystemExit, match=f"{path.name} is not what metrics/{stage}.json describes"):
        ship.main()
    path.write_bytes(content)
