"""ferd.report.web.mistakes: the most confident mistakes of every pair of classes."""

import numpy as np
import pandas as pd

from ferd.classes import CLASSES
from ferd.report.web.mistakes import surest_mistakes


def table(rows):
    """Rows of `(name, actual, predicted, confidence)`; the rest is shared by the other classes."""
    found = []
    for name, actual, predicted, confidence in rows:
        shares = dict.fromkeys((f"p_{name}" for name in CLASSES), (1 - confidence) / 6)
        shares[f"p_{predicted}"] = confidence
        found.append({"name": name, "actual": actual, "predicted": predicted, **shares})
    return pd.DataFrame(found)


def test_right_predictions_are_left_out_and_the_surest_mistakes_come_first():
    found = surest_mistakes(
        table(
            [
                ("a", "sad", "fear", 0.6),
                ("b", "sad", "fear", 0.9),
                ("c", "sad", "sad", 0.99),
                ("d", "sad", "fear", 0.7),
                ("e", "happy", "sad", 0.5),
            ]
        ),
        2,
    )
    assert list(found) == [("happy", "sad"), ("sad", "fear")]
    assert list(found["sad", "fear"]["name"]) == ["b", "d"]
    assert np.allclose(found["sad", "fear"]["confidence"], [0.9, 0.7])


def test_equally_sure_ones_come_by_name_whatever_the_order_of_the_rows():
    rows = [(name, "sad", "fear", 0.8) for name in ("c", "a", "b")]
    for order in (rows, rows[::-1]):
        assert list(surest_mistakes(table(order), 3)["sad", "fear"]["name"]) == ["a", "b", "c"]


def test_a_model_without_a_mistake_has_no_pair():
    assert surest_mistakes(table([("a", "sad", "sad", 0.9)]), 3) == {}
