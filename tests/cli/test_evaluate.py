"""`ferd evaluate`: its scores are scikit-learn's, its predictions the library's, on any layout."""

import csv
import io
import json

import numpy as np
import pytest
from PIL import Image
from scipy.stats import binomtest
from sklearn import metrics

from ferd.classes import CLASSES
from ferd.cli import main as command
from ferd.cli.evaluate_scores import accuracy_interval, score
from ferd.cli.evaluate_table import table
from ferd.inference.classifier import Classifier
from ferd.scoring import uncertainty
from tests.helpers.predicting import save, write_model
from tests.helpers.sketches import face, scene

ROUGH = "fewer than 30 images: the interval is no more than a rough guide"
SHOWN = CLASSES[:1] + CLASSES[2:]  # disgust is missing


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_model(tmp_path_factory.mktemp("model") / "tiny.onnx")


@pytest.fixture
def run(tmp_path, model, monkeypatch, capsys):
    """Runs `ferd evaluate` in a folder of its own: status, output, errors, JSON and rows."""
    monkeypatch.chdir(tmp_path)

    def run(*words):
        words = ["evaluate", "--model", str(model), "--output", "s.json", *map(str, words)]
        status = command.main([*words, "--predictions", "rows.csv"])
        out, err = capsys.readouterr()
        rows = list(csv.DictReader(io.StringIO((tmp_path / "rows.csv").read_text())))
        return status, out, err, json.loads((tmp_path / "s.json").read_text()), rows

    return run


@pytest.fixture
def faces(tmp_path):
    """A folder of sketch faces, three a class, and two scenes without a face under happy."""
    for name in SHOWN:
        for seed in range(3):
            save(tmp_path / "set" / "test" / name / f"{seed}.png", face(name, 100 + seed))
    for seed in range(2):
        save(tmp_path / "set" / "test" / "happy" / f"scene{seed}.png", scene(seed))
    return tmp_path / "set"


def check_against_sklearn(scores, actual, given):
    present = sorted(set(actual))
    table = metrics.precision_recall_fscore_support(actual, given, labels=CLASSES, zero_division=0)
    assert scores["images"] == len(actual)
    assert scores["accuracy"] == pytest.approx(metrics.accuracy_score(actual, given))
    balanced = np.mean([table[1][CLASSES.index(name)] for name in present])
    assert scores["balanced_accuracy"] == pytest.approx(balanced)
    macro = metrics.f1_score(actual, given, labels=present, average="macro", zero_division=0)
    assert scores["macro_f1"] == pytest.approx(macro)
    assert scores["missing"] == [name for name in CLASSES if name not in present]
    for name, *wanted in zip(CLASSES, *table, strict=True):
        entry = scores["per_class"][name]
        values = [entry[key] for key in ("precision", "recall", "f1", "support")]
        assert values == (pytest.approx(wanted) if name in present else [None, None, None, 0])
    counts = [list(scores["confusion"][name].values()) for name in CLASSES]
    assert counts == metrics.confusion_matrix(actual, given, labels=CLASSES).tolist()


@pytest.mark.parametrize("classes", [range(7), [0, 2, 3], [4]])
def test_scores_are_scikit_learns_also_with_missing_classes(classes):
    generator = np.random.default_rng(len(classes))
    actual = generator.choice(classes, 300)
    given = np.where(generator.random(300) < 0.6, actual, generator.choice(6, 300))
    scores = score(actual, given, np.arange(300))
    names = np.array(CLASSES)
    check_against_sklearn(scores, names[actual].tolist(), names[given].tolist())


@pytest.mark.parametrize("copies", [1, 4])
def test_the_interval_is_the_studys_bootstrap_of_groups(copies):
    right = np.repeat(np.random.default_rng(0).random(2000 // copies) < 0.7, copies)
    groups = 5 * (np.arange(2000) // copies)
    wanted = uncertainty.accuracy_interval(right, groups, draws=4000, seed=1)
    assert accuracy_interval(right, groups) == pytest.approx(wanted, abs=0.004)
    assert accuracy_interval(right, groups) == accuracy_interval(right, groups)


@pytest.mark.parametrize("images", [1, 3, 40])
def test_the_interval_is_clopper_and_pearsons_if_all_images_or_none_are_right(images):
    wanted = [binomtest(n, images).proportion_ci() for n in (0, images)]
    for right, (low, high) in zip((np.zeros, np.ones), wanted, strict=True):
        found = accuracy_interval(right(images, bool), np.arange(images))
        assert found == pytest.approx((low, high))
        copied = accuracy_interval(right(4 * images, bool), np.arange(4 * images) // 4)
        assert copied == found


def test_few_images_and_a_single_class_are_said_in_words(run, tmp_path):
    for seed in range(30):
        save(tmp_path / "set" / "sad" / f"{seed}.png", face("sad", 200 + seed))
    _, out, *_ = run("set", "--whole-image")
    assert ROUGH not in out and "both over the one class present; missing: angry" in out


def test_scores_are_printed_once_where_every_image_has_a_face():
    scores = {"images": 40, "accuracy": 0.5, "missing": [], "per_class": {}}
    scores |= {"confusion": {name: dict.fromkeys(CLASSES, 0) for name in CLASSES}}
    scores |= {"low": 0.4, "high": 0.6, "balanced_accuracy": 0.5, "macro_f1": 0.5}
    report = {"part": None, "folder": "f", "layout": "table", "model": {"path": "m", "sha256": "0"}}
    report["scores"] = {"detected": scores, "all": scores}
    for found, times in ((40, 1), (39, 2)):
        images = {"scored": 40, "found": found, "left_out": {}, "cut_off": 0, "unreadable": 0}
        assert table(report | {"images": images}).count("macro F1") == times


@pytest.mark.parametrize(
    ("images", "accuracy", "is_rough"), [(30, 0.5, False), (29, 0.5, True), (29, 1.0, False)]
)
def test_only_the_bootstrap_interval_of_few_images_is_called_rough(images, accuracy, is_rough):
    scores = {"images": images, "accuracy": accuracy, "missing": [], "per_class": {}}
    scores |= {"confusion": {name: dict.fromkeys(CLASSES, 0) for name in CLASSES}}
    scores |= {"low": 0.4, "high": 0.6, "balanced_accuracy": 0.5, "macro_f1": 0.5}
    images = {"scored": 1, "found": 1, "left_out": {}, "cut_off": 0, "unreadable": 0}
    report = {"images": images, "part": None, "folder": "f", "layout": "table"}
    report |= {"model": {"path": "m", "sha256": "0"}, "scores": {"all": scores}}
    assert (ROUGH in table(report).splitlines()) == is_rough


def test_faces_are_found_as_in_a_prediction_and_scored_with_and_without_the_others(
    run, faces, model
):
    status, _, err, report, rows = run("set", "--part", "test")
    assert (status, err) == (0, "")
    classifier = Classifier.load(model, detector="study")
    actual, given, found = [], [], []
    for row in rows:
        seen = classifier.predict_faces(row["file"])
        whole = classifier.predict([np.asarray(Image.open(row["file"]))])[0]
        emotion = seen[0].emotion if seen else whole
        assert (row["label"], row["found"]) == (emotion.label, str(int(bool(seen))))
        assert row["left"] == (str(seen[0].left) if seen else "")
        assert float(row["p_sad"]) == pytest.approx(emotion.probabilities["sad"], abs=2e-6)
        actual.append(row["file"].split("/")[-2])
        given.append(emotion.label)
        found.append(bool(seen))
    assert [row["actual"] for row in rows] == actual and len(rows) == 20
    assert report["images"] == {
        "scored": 20,
        "found": 18,
        "left_out": {},
        "cut_off": 0,
        "unreadable": 0,
    }
    check_against_sklearn(report["scores"]["all"], actual, given)
    pairs = [(a, g) for a, g, seen in zip(actual, given, found, strict=True) if seen]
    check_against_sklearn(report["scores"]["detected"], *map(list, zip(*pairs, strict=True)))


def test_ready_crops_are_taken_whole(run, faces, model):
    status, out, _, report, rows = run("set", "--whole-image")
    images = [np.asarray(Image.open(row["file"])) for row in rows]
    given = [emotion.label for emotion in Classifier.load(model).predict(images)]
    assert [row["label"] for row in rows] == given and {row["found"] for row in rows} == {""}
    assert status == 0 and list(report["scores"]) == ["whole"] and "not searched" in out
    check_against_sklearn(report["scores"]["whole"], [row["actual"] for row in rows], given)


def test_the_table_says_which_model_what_was_left_out_and_which_class_is_missing(run, faces, model):
    save(faces / "test" / "contempt" / "1.png", face("neutral", 1))
    _, out, _, report, _ = run("set", "--batch-size", 3)
    sha256 = json.loads(model.with_suffix(".json").read_text())["sha256"]
    assert report["model"] == {"path": str(model), "sha256": sha256}
    assert report["images"]["left_out"] == {"contempt": 1}
    lines = out.splitlines()
    assert lines[0].split() == ["model", str(model), "(sha256", f"{sha256[:12]})"]
    assert "left out    contempt 1" in lines and "face found  in 18" in lines
    scores = report["scores"]["detected"]
    interval = f"(95% interval {scores['low']:.4f} to {scores['high']:.4f})"
    assert f"accuracy           {scores['accuracy']:.4f} {interval}" in lines
    assert "both over the 6 classes present; missing: disgust" in lines
    assert ["disgust", "-", "-", "-", "0"] in [line.split() for line in lines]


def test_an_unreadable_image_is_one_line_and_the_rest_is_scored(run, faces):
    (faces / "test" / "sad" / "1.png").write_text("hello")
    status, out, err, report, rows = run("set")
    assert status == 1 and len(rows) == 19 and report["images"]["unreadable"] == 1
    (line,) = err.splitlines()
    assert line.startswith("ferd: set/test/sad/1.png: is not an image")
    assert report["scores"]["all"]["per_class"]["sad"]["support"] == 2
    assert "unreadable  1" in out.splitlines()


def test_a_jpeg_without_its_last_bytes_is_scored_and_counted(run, faces, tmp_path):
    save(tmp_path / "whole.jpg", face("sad", 101, 200))
    content, folder = (tmp_path / "whole.jpg").read_bytes(), faces / "test" / "sad"
    (folder / "cut.jpg").write_bytes(content[:-2])
    (folder / "half.jpg").write_bytes(content[: len(content) // 3])
    save(folder / "whole.jpg", face("sad", 101, 200))
    status, out, err, report, rows = run("set")
    assert status == 1 and report["images"]["scored"] == len(rows) == 22
    assert (report["images"]["cut_off"], report["images"]["unreadable"]) == (1, 1)
    assert sorted(line.partition(" (")[0] for line in err.splitlines()) == [
        "ferd: set/test/sad/cut.jpg: is cut off: its end marker is missing, "
        "and the picture is complete",
        "ferd: set/test/sad/half.jpg: is cut off",
    ]
    found = {row.pop("file").split("/")[-1]: row for row in rows if row["actual"] == "sad"}
    assert found["cut.jpg"] == found["whole.jpg"] and "half.jpg" not in found
    assert report["scores"]["all"]["per_class"]["sad"]["support"] == 5
    words = "1 of those scored (JPEG files without their last bytes: the rest was used)"
    assert f"cut off     {words}" in out.splitlines() and "unreadable  1" in out.splitlines()
    for name in ("cut.jpg", "half.jpg"):
        (folder / name).unlink()
    status, out, err, report, _ = run("set", "--whole-image")
    assert (status, err, report["images"]["cut_off"]) == (0, "", 0)
    assert "cut off     0" in out.splitlines()


def test_images_all_unreadable_or_without_a_face_leave_out_the_scores(run, tmp_path):
    (tmp_path / "set" / "sad").mkdir(parents=True)
    (tmp_path / "set" / "sad" / "1.png").touch()
    status, _, _, report, _ = run("set")
    assert status == 1 and report["scores"] == {}
    save(tmp_path / "set" / "sad" / "1.png", scene(0))
    status, _, _, report, _ = run("set")
    assert status == 0 and list(report["scores"]) == ["all"]


def test_images_with_the_same_pixels_are_drawn_together_whatever_their_files_kind(run, tmp_path):
    for seed in range(20):
        for suffix in ("png", "bmp", "tiff"):
            save(tmp_path / "set" / "sad" / f"{seed}.{suffix}", face("sad", 200 + seed))
    _, _, _, report, rows = run("set", "--whole-image")
    scores = report["scores"]["whole"]
    right = np.array([row["actual"] == row["label"] for row in rows])
    groups = [int(row["file"].split("/")[-1].split(".")[0]) for row in rows]
    assert 0 < right.mean() < 1
    assert (scores["low"], scores["high"]) == accuracy_interval(right, groups)
    assert (scores["low"], scores["high"]) != accuracy_interval(right, np.arange(len(right)))


def test_an_output_over_an_image_is_refused_and_one_that_cannot_be_written_is_named(
    faces, model, monkeypatch, capsys
):
    monkeypatch.chdir(faces)
    image = faces / "test" / "sad" / "1.png"
    before = image.read_bytes()
    for option in ("--output", "--predictions"):
        with pytest.raises(SystemExit) as end:
            command.main(["evaluate", ".", "--model", str(model), option, "test/sad/1.png"])
        assert end.value.code == 2 and "written over an input" in capsys.readouterr().err
        assert image.read_bytes() == before
        with pytest.raises(SystemExit) as end:
            command.main(["evaluate", ".", "--model", str(model), option, str(model)])
        assert end.value.code == 2 and "written over the model" in capsys.readouterr().err
        assert command.main(["evaluate", ".", "--model", str(model), option, "no/file"]) == 1
        out, err = capsys.readouterr()
        assert out == "" and "no/file" in err and len(err.splitlines()) == 1
    both = ["--output", "new.txt", "--predictions", "./new.txt"]
    with pytest.raises(SystemExit) as end:
        command.main(["evaluate", ".", "--model", str(model), *both])
    assert end.value.code == 2 and "are the same file" in capsys.readouterr().err
    assert not (faces / "new.txt").exists()
