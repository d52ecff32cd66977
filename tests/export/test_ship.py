"""ferd.export.ship: the choice of the network; committed files follow from the committed metrics."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ferd.export.model_card import model_card
from ferd.export.ship import BELOW_MEGABYTES, STAGES, choose, facts

ROOT = Path(__file__).resolve().parents[2]
EXPORTS = {name: json.loads((ROOT / f"metrics/{name}.json").read_text()) for name in STAGES}
ABOUT = json.loads((ROOT / "ferd/models/ferd.json").read_text())
FORMATS = EXPORTS["export"]["formats"]


def entry(size, accuracy, faces=10):
    return {"bytes": size, "validation": {"accuracy": accuracy, "faces": faces}}


def test_the_best_on_validation_below_the_limit_is_chosen():
    formats = {
        "keras": {"validation": {"accuracy": 1.0}, "bytes": 1},
        "onnx_float32": entry(10_000_000, 0.9),
        "onnx_float16": entry(9_999_999, 0.7),
        "onnx_int8": entry(4_000_000, 0.6),
        "tflite": entry(4_000_000, 0.8),
    }
    worse = {"onnx_int8": entry(1, 0.65)}
    exports = {"export_improved": {"formats": worse}, "export": {"formats": formats}}
    assert choose(exports, 10.0) == ("export", "onnx_float16")
    assert choose(exports, 10.1) == ("export", "onnx_float32")
    worse["onnx_int8"]["validation"]["accuracy"] = 0.91
    assert choose(exports, 10.1) == ("export_improved", "onnx_int8")


def test_networks_validated_on_different_faces_are_not_compared():
    exports = {
        "export": {"formats": {"onnx_int8": entry(1, 0.7, 10)}},
        "export_improved": {"formats": {"onnx_int8": entry(1, 0.8, 11)}},
    }
    with pytest.raises(SystemExit, match="validated on different faces"):
        choose(exports)


def test_of_equals_the_smallest_is_chosen():
    formats = {"onnx_float16": entry(8_000_000, 0.7), "onnx_int8": entry(4_000_000, 0.7)}
    assert choose({"export": {"formats": formats}}) == ("export", "onnx_int8")


def test_nothing_small_enough_is_an_error():
    with pytest.raises(SystemExit, match=r"no exported ONNX file is below 10\.0 MB"):
        formats = {"onnx_int8": entry(10_000_000, 0.7), "tflite": entry(5, 0.7)}
        choose({"export": {"formats": formats}})


def test_committed_network_is_the_chosen_file_of_the_committed_metrics():
    content = (ROOT / "ferd/models/ferd.onnx").read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    stage, name = choose(EXPORTS)
    entry = EXPORTS[stage]["formats"][name]
    assert digest == ABOUT["sha256"] == entry["sha256"]
    assert len(content) == entry["bytes"] < BELOW_MEGABYTES * 1e6


def test_what_stands_beside_it_and_its_card_are_what_the_metrics_give():
    crop = yaml.safe_load((ROOT / "params.yaml").read_text())["crop"]
    stage, name = choose(EXPORTS)
    assert facts(stage, name, EXPORTS[stage], crop) == ABOUT
    assert (ROOT / "docs/model_card.md").read_text() == model_card(EXPORTS[stage], ABOUT)


@pytest.mark.parametrize("stage", STAGES)
def test_committed_files_agree_with_keras_as_far_as_they_must(stage):
    formats = EXPORTS[stage]["formats"]
    for name in ("onnx_float32", "onnx_float16", "tflite"):
        assert formats[name]["parity"]["same_label"] >= 0.999, name
    for name in ("onnx_int8", "tflite"):
        assert abs(formats[name]["parity"]["accuracy_minus_keras"]) <= 0.005, name


def test_keras_is_scored_as_the_stage_evaluate_scores_it():
    evaluated = json.loads((ROOT / "metrics/evaluate.json").read_text())
    for part, scores in FORMATS["keras"]["test"].items():
        assert scores == pytest.approx(evaluated["models"]["cnn"][part], abs=1e-6), part
    temperature = evaluated["calibration"]["cnn"]["temperature"]
    assert FORMATS["keras"]["calibration"]["temperature"] == pytest.approx(temperature, abs=1e-3)


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
