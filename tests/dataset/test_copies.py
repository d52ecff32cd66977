"""ferd.dataset.copies.copies: all pairs of copies are found, at any brightness, and no others."""

import numpy as np
import pandas as pd
import pytest

from ferd.dataset.copies import copies

GENERATOR = np.random.default_rng(0)
RANDOM = GENERATOR.integers(60, 190, (40, 12, 12), dtype=np.uint8)


@pytest.fixture
def images():
    """Forty random images; 7 is 3 again, 20 is 11 brighter, 30 is 12 with noise, 39 is blank."""
    images = RANDOM.copy()
    images[7] = images[3]
    images[20] = images[11] + 40
    noise = GENERATOR.integers(-9, 10, images[12].shape)
    images[30] = (images[12].astype(int) + noise).astype("uint8")
    images[38] = images[39] = 128
    return images


def test_finds_copies_brighter_copies_and_noisy_copies_and_no_others(images):
    pairs = copies.similar_pairs(images, 0.9)
    assert list(zip(pairs["first"], pairs["second"], strict=True)) == [(3, 7), (11, 20), (12, 30)]
    assert pairs["correlation"][:2].to_numpy() == pytest.approx([1, 1], abs=1e-5)
    assert 0.95 < pairs["correlation"][2] < 1


def test_blocks_do_not_matter(images, monkeypatch):
    whole = copies.similar_pairs(images, 0.05)
    monkeypatch.setattr(copies, "BLOCK", 7)
    pd.testing.assert_frame_equal(copies.similar_pairs(images, 0.05), whole, atol=1e-5)
    assert len(whole) > 100


def test_correlation_is_numpys(images):
    pairs = copies.similar_pairs(images, 0.05)
    for first, second, value in pairs.sample(20, random_state=0).itertuples(index=False):
        expected = np.corrcoef(images[first].ravel(), images[second].ravel())[0, 1]
        assert value == pytest.approx(expected, abs=1e-5)


def test_blank_images_resemble_nothing(images):
    pairs = copies.similar_pairs(images, 0.05)
    assert not {38, 39} & {*pairs["first"], *pairs["second"]}


def test_nearest_finds_the_copy_and_says_how_alike_it_is(images):
    index, correlation = copies.nearest(images[[7, 20, 39]], images[:15])
    assert list(index[:2]) == [3, 11]
    assert correlation == pytest.approx([1, 1, 0], abs=1e-5)


def test_groups_join_pairs_over_others_and_count_from_0_in_order():
    pairs = pd.DataFrame({"first": [1, 2], "second": [4, 4]})
    assert list(copies.number_groups(6, pairs)) == [0, 1, 1, 2, 1, 3]


def test_agreement_counts_same_labels_per_interval_and_keeps_the_upper_bound():
    pairs = pd.DataFrame({"first": [0, 0, 1], "second": [1, 2, 2]})
    pairs["correlation"] = [1.0000001, 0.75, 0.72]
    table = copies.label_agreement(pairs, np.array([5, 5, 2]), [0.7, 0.8, 0.9, 1.0])
    assert list(table["correlation"]) == [0.7, 0.8, 0.9]
    assert list(table["pairs"]) == [2, 0, 1]
    assert list(table["same_label"].fillna(-1)) == [0, -1, 1]
