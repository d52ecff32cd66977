"""ferd.scoring.calibration: a calibrated model has no error; a temperature corrects others."""

import numpy as np
import pytest

from ferd.scoring import calibration

GENERATOR = np.random.default_rng(3)


@pytest.fixture(scope="module")
def calibrated():
    """Faces whose classes are drawn from their predicted probabilities."""
    probabilities = GENERATOR.dirichlet(np.full(7, 0.4), size=20000)
    draws = GENERATOR.random((20000, 1))
    actual = (probabilities.cumsum(axis=1) < draws).sum(axis=1)
    return np.minimum(actual, 6), probabilities


def test_a_calibrated_model_has_next_to_no_error(calibrated):
    assert calibration.calibration_error(*calibrated, bins=15) < 0.015


def test_the_error_of_one_confident_interval_is_its_gap():
    probabilities = np.tile([0.9, 0.1], (10, 1))
    actual = np.array([0] * 6 + [1] * 4)
    assert calibration.calibration_error(actual, probabilities, 10) == pytest.approx(0.3)
    table = calibration.reliability(actual, probabilities, 10)
    assert table.to_dict("records") == [
        pytest.approx({"low": 0.9, "faces": 10, "confidence": 0.9, "accuracy": 0.6})
    ]


def test_full_confidence_belongs_to_the_last_interval():
    table = calibration.reliability(np.array([0]), np.array([[1.0, 0.0]]), 10)
    assert list(table["low"]) == [0.9]


def test_the_fitted_temperature_undoes_the_one_that_was_applied(calibrated):
    actual, probabilities = calibrated
    sharp = calibration.apply_temperature(probabilities, 0.5)
    assert calibration.fit_temperature(actual, sharp) == pytest.approx(2, abs=0.06)
    assert calibration.calibration_error(actual, sharp, 15) > 0.05


def test_a_temperature_keeps_answers_and_sums(calibrated):
    _, probabilities = calibrated
    softened = calibration.apply_temperature(probabilities, 3)
    assert (softened.argmax(axis=1) == probabilities.argmax(axis=1)).all()
    assert softened.sum(axis=1) == pytest.approx(1)
    assert calibration.apply_temperature(probabilities, 1) == pytest.approx(probabilities, abs=1e-9)


def test_likelihood_of_certain_and_wrong_is_finite():
    loss = calibration.negative_log_likelihood(np.array([1]), np.array([[1.0, 0.0]]))
    assert 20 < loss < 30


def test_risk_falls_with_coverage_for_a_calibrated_model_and_ends_at_the_error(calibrated):
    actual, probabilities = calibrated
    curve = calibration.risk_coverage(actual, probabilities, steps=10)
    assert list(curve["coverage"]) == pytest.approx(np.arange(10, 0, -1) / 10)
    assert curve["risk"].is_monotonic_decreasing and curve["confidence"].is_monotonic_increasing
    error = (probabilities.argmax(axis=1) != actual).mean()
    assert curve["risk"].iloc[0] == pytest.approx(error)


def test_risk_at_half_coverage_counts_the_surest_half():
    probabilities = np.array([[0.9, 0.1], [0.8, 0.2], [0.6, 0.4], [0.55, 0.45]])
    curve = calibration.risk_coverage(np.array([0, 1, 1, 0]), probabilities, steps=2)
    assert list(curve["risk"]) == [0.5, 0.5] and list(curve["coverage"]) == [1, 0.5]
