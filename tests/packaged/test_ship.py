"""ferd.packaged.ship: the committed networks and cards follow from the committed details."""

import hashlib
import json
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from ferd.export.export_files import FILES
from ferd.packaged.annotators_card import annotators_card
from ferd.packaged.compact_card import compact_card
from ferd.packaged.model_card import NETWORKS, model_card
from ferd.packaged.ship import COMPACT, DETAILS, main
from ferd.packaged.trained import (
    BELOW_MEGABYTES,
    better_compact,
    choose,
    facts,
    official_facts,
    with_prior,
)
from ferd.study.details import folder_of
from ferd.study.settings import load

ROOT = Path(__file__).resolve().parents[2]
PARAMS = ROOT / "params.yaml"


def details(network):
    return json.loads((ROOT / folder_of(network) / "export" / f"{network}.json").read_text())


def packaged(name):
    return json.loads((ROOT / f"ferd/models/{name}.json").read_text())


EXPORTS = {network: details(network) for network in NETWORKS}
ABOUT = packaged("ferd")
# Each network of FER2013's own split in the package, and what writes its card.
OFFICIAL = {
    "compact": compact_card,
    "annotators": partial(annotators_card, votes=load("agreement", PARAMS)["votes"]),
}


def test_committed_network_is_the_chosen_file_of_the_committed_details():
    content = (ROOT / "ferd/models/ferd.onnx").read_bytes()
    network, name = choose(EXPORTS)
    entry = EXPORTS[network]["formats"][name]
    assert hashlib.sha256(content).hexdigest() == ABOUT["sha256"] == entry["sha256"]
    assert len(content) == entry["bytes"] < BELOW_MEGABYTES * 1e6


def test_its_json_file_and_its_card_are_what_the_details_give():
    network, name = choose(EXPORTS)
    assert facts(network, name, EXPORTS[network], load("crop", PARAMS)) == ABOUT
    assert (ROOT / "docs/model_card.md").read_text() == model_card(EXPORTS[network], ABOUT)


@pytest.mark.parametrize("name", OFFICIAL)
def test_the_other_networks_and_their_cards_are_what_the_details_give(name):
    about = packaged(name)
    found = details(about["network"])
    content = (ROOT / f"ferd/models/{name}.onnx").read_bytes()
    assert hashlib.sha256(content).hexdigest() == about["sha256"]
    given = official_facts(about["network"], found, load("crop", PARAMS))
    made = json.loads((ROOT / DETAILS).read_text())["networks"][name]
    assert with_prior(given, made) == about and about["prior"] == made["prior"]
    assert with_prior(given, made | {"sha256": "other"}) == given == with_prior(given, None)
    card = (ROOT / f"docs/model_card_{name}.md").read_text()
    assert card == OFFICIAL[name](found, about)


def test_the_committed_compact_network_is_the_better_one():
    scores = {network: details(network)["validation"]["accuracy"] for network in COMPACT}
    assert packaged("compact")["network"] == better_compact(scores)
    assert packaged("annotators")["network"] == "compact_ferplus"


@pytest.mark.parametrize("network", NETWORKS)
def test_committed_files_agree_with_keras_as_far_as_they_must(network):
    formats = EXPORTS[network]["formats"]
    for name in ("onnx_float32", "onnx_float16", "tflite"):
        assert formats[name]["parity"]["same_label"] >= 0.999, name
    for name in ("onnx_int8", "tflite"):
        assert abs(formats[name]["parity"]["accuracy_minus_keras"]) <= 0.005, name


def test_keras_is_scored_as_the_stage_evaluate_scores_it():
    keras = EXPORTS["cosine"]["formats"]["keras"]
    evaluated = json.loads((ROOT / "metrics/details/evaluate.json").read_text())
    for part, scores in keras["test"].items():
        assert scores == pytest.approx(evaluated["models"]["cnn"][part], abs=1e-6), part
    temperature = evaluated["calibration"]["cnn"]["temperature"]
    assert keras["calibration"]["temperature"] == pytest.approx(temperature, abs=1e-3)


@pytest.fixture
def study(tmp_path, monkeypatch):
    """A folder with the committed details and, as exported files, the packaged networks."""
    for folder in ("metrics/details/export", "metrics/gpu/details/export"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / DETAILS, tmp_path / DETAILS)
    shutil.copy(PARAMS, tmp_path)
    for name in ("ferd", *OFFICIAL):
        about = packaged(name)
        folder = tmp_path / "data/export" / about["network"]
        folder.mkdir(parents=True)
        shutil.copy(ROOT / f"ferd/models/{name}.onnx", folder / FILES[about["format"]])
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("words", "name", "card"),
    [
        ([], "ferd", "model_card"),
        (["compact"], "compact", "model_card_compact"),
        (["annotators"], "annotators", "model_card_annotators"),
    ],
)
def test_command_writes_network_facts_and_card(words, name, card, study, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["ship", *words])
    main()
    for path in (f"ferd/models/{name}.onnx", f"ferd/models/{name}.json", f"docs/{card}.md"):
        assert (study / path).read_bytes() == (ROOT / path).read_bytes(), path


def test_a_file_of_another_run_is_refused(study, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["ship"])
    (study / "data/export" / ABOUT["network"] / FILES[ABOUT["format"]]).write_bytes(b"other")
    described = f"{folder_of(ABOUT['network'])}/export/{ABOUT['network']}.json"
    with pytest.raises(SystemExit, match=f"is not what {described} describes"):
        main()
    assert not (study / "ferd").exists()


def test_a_clone_predicts_at_once_and_without_tensorflow():
    code = """import sys
import numpy as np
from ferd.inference.classifier import Classifier
face = np.random.default_rng(0).integers(0, 256, (60, 60), dtype=np.uint8)
(emotion,) = Classifier.load().predict([face])
assert abs(sum(emotion.probabilities.values()) - 1) < 1e-5
assert not {'tensorflow', 'keras', 'onnx'} & set(sys.modules)
print(emotion.label)"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() in ABOUT["classes"]
