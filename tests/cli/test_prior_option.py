"""The option `--prior` of `ferd predict`, `ferd evaluate` and `ferd serve`."""

import json

import numpy as np
import pytest

from ferd.classes import CLASSES
from ferd.cli import main as command
from ferd.inference.classifier import Classifier
from tests.helpers.predicting import PHOTO, PRIOR, save, write_model, write_video
from tests.helpers.sketches import face

SHARES = "angry=0,disgust=2,fear=1,happy=1,neutral=1,sad=1,surprise=2"
LABELLED = {"angry": 3, "happy": 4, "sad": 5}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with models, a photo, a video and labelled faces."""
    monkeypatch.chdir(tmp_path)
    write_model(tmp_path / "tiny.onnx", prior=PRIOR)
    write_model(tmp_path / "keyless.onnx")
    save(tmp_path / "a.png")
    write_video(tmp_path / "b.avi", [PHOTO, np.roll(PHOTO, 5, axis=1), PHOTO])
    for name, count in LABELLED.items():
        for seed in range(count):
            save(tmp_path / "set" / name / f"{seed}.png", face(name, 100 + seed))
    save(tmp_path / "set" / "contempt" / "0.png", face("neutral", 1))
    return tmp_path


@pytest.fixture
def predict(folder, capsys):
    def predict(*words):
        assert command.main(["predict", "--model", "tiny.onnx", *words]) == 0
        out, err = capsys.readouterr()
        assert err == ""
        return [json.loads(line) for line in out.splitlines()]

    return predict


@pytest.fixture
def evaluate(folder, capsys):
    """Runs `ferd evaluate set`: the lines of the table, and the JSON."""

    def evaluate(*words):
        words = ["set", "--model", "tiny.onnx", "--output", "s.json", *words]
        assert command.main(["evaluate", *words]) == 0
        return capsys.readouterr().out.splitlines(), json.loads((folder / "s.json").read_text())

    return evaluate


def test_rows_are_those_of_the_library(predict):
    wanted = Classifier.load("tiny.onnx", prior=SHARES).predict_faces(PHOTO)
    rows = predict("a.png", "--prior", SHARES)
    for row, found in zip(rows, wanted, strict=True):
        assert row["label"] == found.emotion.label != "angry" and row["p_angry"] == 0
        for name in CLASSES:
            assert row[f"p_{name}"] == pytest.approx(found.emotion.probabilities[name], abs=2e-6)
    assert rows != predict("a.png")


def test_the_likeliest_classes_and_abstention_see_adjusted_probabilities(predict):
    full = predict("a.png", "--prior", SHARES)
    least = max(row["confidence"] for row in full)
    rows = predict("a.png", "--prior", SHARES, "--top-k", "7", "--abstain-below", str(least))
    assert sorted(row["label"] == "unsure" for row in rows) == [False, True]
    for row, whole in zip(rows, full, strict=True):
        best = sorted(CLASSES, key=lambda name: -whole[f"p_{name}"])
        assert [row[f"label_{n}"] for n in range(1, 8)] == best and best[-1] == "angry"
        assert [row[f"p_{n}"] for n in range(1, 8)] == [whole[f"p_{name}"] for name in best]


def test_averages_over_a_track_are_of_adjusted_probabilities(predict):
    words = ("b.avi", "--detect-every", "1", "--prior", SHARES)
    single, smooth = predict(*words), predict(*words, "--smooth", "0.1")
    weight = np.exp(-0.04 / 0.1)
    for before, now, average in zip(single[:2], single[2:4], smooth[2:4], strict=True):
        for name in CLASSES:
            wanted = weight * before[f"p_{name}"] + (1 - weight) * now[f"p_{name}"]
            assert average[f"p_{name}"] == pytest.approx(wanted, abs=3e-6)


@pytest.mark.parametrize(
    "words, reason",
    [
        (["predict", "a.png", "--prior", "happy=1"], "--prior: angry, disgust, fear, neutral, sad"),
        (["predict", "a.png", "--prior", f"{SHARES},bored=1"], "'bored' is none of the classes"),
        (["predict", "a.png", "--prior", "labels"], "--prior: labels is for ferd evaluate"),
        (["evaluate", "set", "--prior", "label"], "--prior: 'label' is neither uniform nor"),
        (["evaluate", "set", "--prior", SHARES.replace("=2", "=x")], "disgust is 'x'; it must be"),
        (["serve", "--prior", "labels"], "--prior: labels is for ferd evaluate"),
    ],
)
def test_a_wrong_prior_ends_with_2_and_the_reason_before_any_work(words, reason, folder, capsys):
    with pytest.raises(SystemExit) as end:
        command.main([*words, "--model", "none.onnx"])
    err = capsys.readouterr().err
    assert end.value.code == 2 and reason in err and "Traceback" not in err


@pytest.mark.parametrize(
    "words",
    [
        ["predict", "a.png", "--prior", "uniform", "--output", "rows"],
        ["predict", "a.png", "--prior", "uniform", "--output", "rows", "--cluster", "1"],
        ["evaluate", "set", "--prior", "uniform", "--output", "rows"],
        ["evaluate", "set", "--prior", "labels", "--predictions", "rows"],
        # At an address that is no machine's: a server that is not refused ends at once.
        ["serve", "--prior", "uniform", "--host", "192.0.2.1"],
    ],
)
def test_a_model_without_its_own_prior_is_refused_in_one_line(words, folder):
    (folder / "rows").write_text("earlier")
    with pytest.raises(SystemExit) as end:
        command.main([*words, "--model", "keyless.onnx"])
    (line,) = end.value.code.splitlines()
    assert line.startswith("keyless.json: has no key 'prior' (the network's mean")
    assert (folder / "rows").read_text() == "earlier"


def test_without_the_option_scores_name_no_prior(evaluate):
    lines, report = evaluate()
    assert "prior" not in report and not [line for line in lines if "prior" in line]


def test_an_evaluation_with_given_shares_scores_adjusted_predictions(evaluate, folder):
    lines, report = evaluate("--whole-image", "--prior", SHARES, "--predictions", "rows.csv")
    shares = {name: count / 8 for name, count in zip(CLASSES, (0, 2, 1, 1, 1, 1, 2), strict=True)}
    assert report["prior"] == {"option": SHARES, "shares": shares, "network": PRIOR}
    assert "prior       given" in lines
    assert "shares      angry 0.0000, disgust 0.2500, fear 0.1250, happy 0.1250, " in "\n".join(
        lines
    )
    classifier = Classifier.load("tiny.onnx", prior=SHARES)
    images = [face(name, 100 + seed) for name in LABELLED for seed in range(LABELLED[name])]
    given = [emotion.label for emotion in classifier.predict(images)]
    rows = [line.split(",") for line in (folder / "rows.csv").read_text().splitlines()[1:]]
    assert [row[2] for row in rows] == given and "angry" not in given
    confusion = report["scores"]["whole"]["confusion"]
    assert sum(sum(row.values()) for row in confusion.values()) == len(given) == 12
    right = sum(row[1] == label for row, label in zip(rows, given, strict=True))
    assert report["scores"]["whole"]["accuracy"] == pytest.approx(right / 12)


def test_an_evaluation_with_the_labels_own_shares_says_that_it_uses_them(evaluate):
    lines, report = evaluate("--prior", "labels")
    shares = {name: LABELLED.get(name, 0) / 12 for name in CLASSES}
    assert report["prior"] == {"option": "labels", "shares": shares, "network": PRIOR}
    (line,) = [line for line in lines if line.startswith("prior ")]
    assert "labels (uses the labels themselves: an upper bound" in line
    for scores in report["scores"].values():
        named = {name for row in scores["confusion"].values() for name in row if row[name]}
        assert named <= set(LABELLED)
    counts = ",".join(f"{name}={LABELLED.get(name, 0)}" for name in CLASSES)
    assert evaluate("--prior", counts)[1]["scores"] == report["scores"]
    assert evaluate()[1]["scores"] != report["scores"]


def test_uniform_is_named_in_the_table(evaluate):
    lines, report = evaluate("--prior", "uniform")
    assert report["prior"]["shares"] == dict.fromkeys(CLASSES, 1 / 7)
    assert "prior       uniform (each class equally frequent)" in lines
