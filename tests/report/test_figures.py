"""Figures: drawn from tables alone, the same bytes for the same table."""

import cv2
import pandas as pd
import pytest

from ferd.report import figures

HISTORY = pd.DataFrame(
    {
        "epoch": [1, 2, 3],
        "accuracy": [0.2, 0.4, 0.5],
        "val_accuracy": [0.3, 0.35, 0.45],
        "loss": [2.0, 1.5, 1.2],
        "val_loss": [1.9, 1.6, 1.4],
    }
)
PREDICTIONS = pd.DataFrame({"actual": ["sad", "happy", "sad"], "predicted": ["sad", "sad", "sad"]})
LEADERBOARD = pd.DataFrame(
    {"model": ["et", "lr"], "cross_validated_accuracy": [0.9, 0.8], "test_accuracy": [0.6, 0.5]}
)
RELIABILITY = pd.DataFrame(
    {
        "model": ["cnn", "cnn", "cnn", "cnn, CBAM"],
        "temperature": ["before", "before", "after", "before"],
        "confidence": [0.3, 0.8, 0.5, 0.6],
        "accuracy": [0.25, 0.6, 0.5, 0.4],
    }
)
RISK = pd.DataFrame(
    {"model": ["cnn", "cnn", "stack"], "coverage": [1, 0.5, 1], "risk": [0.3, 0.1, 0.4]}
)
PARTS = pd.DataFrame(
    {
        "model": ["cnn", "cnn", "stack"],
        "part": ["detected", "without_copy", "with_copy"],
        "accuracy": [0.6, 0.5, 0.9],
        "low": [0.55, 0.4, 0.8],
        "high": [0.65, 0.6, 0.95],
    }
)
AGREEMENT = pd.DataFrame({"correlation": [0.7, 0.9], "same_label": [0.2, 0.8], "chance": 0.17})
CASES = [
    (figures.draw_history, HISTORY),
    (figures.draw_confusion, PREDICTIONS),
    (figures.draw_leaderboard, LEADERBOARD),
    (figures.draw_reliability, RELIABILITY),
    (figures.draw_risk, RISK),
    (figures.draw_parts, PARTS),
    (figures.draw_agreement, AGREEMENT),
]


@pytest.mark.parametrize(("draw", "table"), CASES)
def test_same_table_gives_the_same_picture_to_the_byte(draw, table, tmp_path):
    draw(table, "title", tmp_path / "deep" / "one.png", 50)
    draw(table, "title", tmp_path / "two.png", 50)
    assert (tmp_path / "deep" / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()
    assert cv2.imread(str(tmp_path / "two.png")).std() > 5


def test_another_prediction_gives_another_picture(tmp_path):
    figures.draw_confusion(PREDICTIONS, "title", tmp_path / "one.png", 50)
    other = PREDICTIONS.assign(predicted=["sad", "happy", "sad"])
    figures.draw_confusion(other, "title", tmp_path / "two.png", 50)
    assert (tmp_path / "one.png").read_bytes() != (tmp_path / "two.png").read_bytes()
