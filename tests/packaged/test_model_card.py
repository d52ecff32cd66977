"""Tests ferd.packaged.model_card: its figures are those of the metrics it is given."""

import copy
import json
from pathlib import Path

from ferd.packaged.model_card import model_card

ROOT = Path(__file__).resolve().parents[2]
ABOUT = json.loads((ROOT / "ferd/models/ferd.json").read_text())
METRICS = json.loads((ROOT / f"metrics/details/export/{ABOUT['network']}.json").read_text())
FORMAT = METRICS["formats"][ABOUT["format"]]


def card(name=ABOUT["format"], part="detected", **scores):
    metrics = copy.deepcopy(METRICS)
    metrics["formats"][name]["test"][part] |= scores
    return model_card(metrics, ABOUT)


def test_scores_are_of_the_shipped_form_and_of_no_other():
    row = "| all detected (the paper's) | 1,234 | 12.3 | 11.0 to 15.0 |"
    changes = {"faces": 1234, "accuracy": 0.12345, "low": 0.11, "high": 0.15}
    assert row in card(**changes)
    assert row not in card("keras", **changes)


def test_the_share_without_a_face_is_measured():
    faces = FORMAT["test"]["all"]["faces"]
    assert "In 50% of the test images dlib finds no face" in card(faces=faces / 2)


def test_a_test_set_in_which_every_face_is_found_has_a_card():
    metrics = copy.deepcopy(METRICS)
    tested = metrics["formats"][ABOUT["format"]]["test"]
    del tested["not_detected"]
    tested["detected"] = tested["all"]
    assert "In 0% of the test images" in model_card(metrics, ABOUT)


def test_parts_that_were_not_scored_are_left_out():
    metrics = copy.deepcopy(METRICS)
    for entry in metrics["formats"].values():
        entry["test"] = {k: v for k, v in entry["test"].items() if not k.startswith("votes")}
    assert "9 or 10 agree" in model_card(METRICS, ABOUT)
    assert "9 or 10 agree" not in model_card(metrics, ABOUT)


def test_hash_licence_and_forbidden_uses_stand_in_it():
    text = model_card(METRICS, ABOUT)
    assert ABOUT["sha256"] in text and ABOUT["licence"] in text
    assert "Do not use it to" in text and "FER2013" in text
