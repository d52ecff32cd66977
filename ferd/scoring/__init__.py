"""Scores predictions: intervals, tests, calibration, agreement with annotators, explanations."""
