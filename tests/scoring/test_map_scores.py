"""ferd.scoring.map_scores: positions and similarity of maps, counted by hand."""

import numpy as np
import pytest

from ferd.scoring.map_scores import band_shares, normalized, rank_correlations


def test_negative_places_count_as_nothing_and_each_map_counts_the_same():
    maps = np.zeros((2, 3, 3))
    maps[0, 0], maps[0, 1, 1] = [1, 1, 2], -5  # the upper third alone
    maps[1, 2, 0] = 0.001  # the lower third alone, faintly
    assert band_shares(maps) == pytest.approx({"upper": 0.5, "middle": 0, "lower": 0.5})
    assert normalized(maps).sum(axis=(1, 2)) == pytest.approx([1, 1])


def test_rows_that_two_bands_share_are_parted_between_them():
    maps = np.zeros((1, 2, 2))
    maps[0, 0, 0] = 1
    shares = band_shares(maps)
    assert shares == pytest.approx({"upper": 2 / 3, "middle": 1 / 3, "lower": 0})


def test_maps_without_a_positive_place_are_left_out_and_all_of_them_are_an_error():
    maps = -np.ones((2, 3, 3))
    with pytest.raises(ValueError, match="positive"):
        band_shares(maps)
    maps[1, 1, 1] = 1
    assert band_shares(maps)["middle"] == 1


def test_rank_correlation_sees_order_alone():
    first = np.arange(9.0).reshape(1, 3, 3)
    assert rank_correlations(first, np.exp(first)) == pytest.approx([1])
    assert rank_correlations(first, -first) == pytest.approx([-1])
    assert np.isnan(rank_correlations(first, np.ones((1, 3, 3)))).all()
