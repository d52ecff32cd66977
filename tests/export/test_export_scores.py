"""ferd.export.export_scores: parity, parts and calibration follow their definitions."""

import numpy as np
import pandas as pd
import pytest

from ferd.export import export_scores

ACTUAL = np.array([0, 1, 2, 3])


def given(labels, confidence=0.9):
    """Probabilities that predict these labels."""
    rows = np.full((len(labels), 7), (1 - confidence) / 6)
    rows[np.arange(len(labels)), labels] = confidence
    return rows


def test_parity_counts_labels_points_and_the_largest_difference():
    found = export_scores.parity(ACTUAL, given([0, 1, 2, 0]), given([0, 1, 3, 3], 0.8))
    assert found["same_label"] == 0.5
    assert found["accuracy_minus_keras"] == 0
    assert found["largest_difference"] == pytest.approx(0.9 - 0.2 / 6)
    worse = export_scores.parity(ACTUAL, given(ACTUAL), given([0, 1, 2, 6]))
    assert worse["accuracy_minus_keras"] == -0.25


def test_a_network_agrees_with_itself():
    found = export_scores.parity(ACTUAL, given(ACTUAL), given(ACTUAL))
    assert found == {"same_label": 1, "largest_difference": 0, "accuracy_minus_keras": 0}


def test_validation_has_accuracy_and_log_likelihood():
    found = export_scores.score_on_validation(ACTUAL, given([0, 1, 2, 6]))
    likelihood = (3 * np.log(0.9) + np.log(0.1 / 6)) / 4
    assert found == pytest.approx({"faces": 4, "accuracy": 0.75, "log_likelihood": likelihood})


def test_parts_are_scored_apart_and_empty_ones_left_out():
    audit = pd.DataFrame(
        {
            "class": ["angry", "disgust", "fear", "happy"],
            "found": [1, 1, 0, 0],
            "copy": ["none", "none", "none", "exact"],
            "copy_other_label": [0, 0, 0, 1],
            "shifted_copy": [0, 1, 0, 0],
            "copy_group": [0, 1, 2, 3],
        },
        index=list("abcd"),
    )
    networks = {"good": given(ACTUAL), "other": given([0, 6, 6, 3])}
    parts = export_scores.score_parts(audit, networks, 100, 0)
    names = ["detected", "without_copy", "without_any_copy", "not_detected", "all"]
    assert list(parts["good"]) == names
    assert parts["good"]["without_any_copy"]["faces"] == 1
    assert {part["accuracy"] for part in parts["good"].values()} == {1.0}
    assert parts["other"]["detected"]["accuracy"] == 0.5
    assert parts["other"]["all"]["faces"] == 4


def test_calibration_is_measured_before_and_after_the_temperature():
    found = export_scores.score_detected(ACTUAL, given(ACTUAL, 0.5), 0.5, 10)
    before, after = (found["calibration"][when] for when in ("before", "after"))
    assert before["calibration_error"] == pytest.approx(0.5)
    sharper = 0.25 / (0.25 + 6 * (0.5 / 6) ** 2)
    assert after["calibration_error"] == pytest.approx(1 - sharper)
    assert after["log_likelihood"] == pytest.approx(np.log(sharper))
    assert found["calibration"]["temperature"] == 0.5
    assert found["per_class"]["angry"]["f1"] == 1 and found["per_class"]["sad"]["support"] == 0
