"""ferd.dataset.parts.official_split: the parts are FER2013's, by row number."""

import numpy as np
import pytest

from ferd.dataset.parts.official_split import official_parts, row_numbers


def names(*rows):
    return np.array([f"test/sad/{row}" for row in rows])


def test_bounds_are_those_of_the_usage_column():
    parts = official_parts(names(0, 28708, 28709, 32297, 32298, 35886))
    assert list(np.flatnonzero(parts["train"])) == [0, 1]
    assert list(np.flatnonzero(parts["validation"])) == [2, 3]
    assert list(np.flatnonzero(parts["test"])) == [4, 5]


def test_whole_table_falls_into_28709_3589_and_3589():
    parts = official_parts(names(*range(35887)))
    assert [mask.sum() for mask in parts.values()] == [28709, 3589, 3589]


@pytest.mark.parametrize("stem", ["35887", "face", "1.5", "-1"])
def test_an_image_without_a_row_number_is_refused(stem):
    with pytest.raises(SystemExit, match=f"'{stem}' is not: use split: paper"):
        row_numbers(names(3, stem))
