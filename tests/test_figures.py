"""Figures: drawn from tables alone, the same bytes for the same table."""

import cv2
import pandas as pd
import pytest

from ferd import figures

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
CASES = [
    (figures.draw_history, HISTORY),
    (figures.draw_confusion, PREDICTIONS),
    (figures.draw_leaderboard, LEADERBOARD),
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
