"""ferd.scoring.tables: parts that a table has whole, and averages of networks."""

import pandas as pd
import pytest

from ferd.classes import CLASSES
from ferd.scoring.tables import averaged, part_accuracies


def table(names, predicted, probabilities=None):
    actual = ["happy"] * len(names)
    found = pd.DataFrame({"name": names, "actual": actual, "predicted": predicted})
    for index, name in enumerate(CLASSES):
        found[f"p_{name}"] = 0.0 if probabilities is None else probabilities[index]
    return found


def test_parts_of_which_an_image_was_not_scored_have_no_accuracy():
    parts = {"both": {"a", "b"}, "one": {"b"}, "more": {"a", "c"}, "none": set()}
    found = part_accuracies(table(["a", "b"], ["happy", "sad"]), parts)
    assert found == {"both": 0.5, "one": 0.0}


def test_average_can_give_a_class_that_no_network_gives():
    angry, sad = [0.5, 0, 0, 0.4, 0, 0.1, 0], [0.1, 0, 0, 0.4, 0, 0.5, 0]
    found = averaged([table(["a"], ["angry"], angry), table(["a"], ["sad"], sad)])
    assert found["predicted"].tolist() == ["happy"]


def test_networks_of_other_images_are_not_averaged():
    with pytest.raises(ValueError, match="different images"):
        averaged([table(["a"], ["happy"]), table(["b"], ["happy"])])
