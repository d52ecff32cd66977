"""ferd.report.ferplus_page: docs/ferplus.md."""

import pytest

from ferd.report.ferplus_page import PUBLISHED, ferplus_document


@pytest.fixture
def metrics():
    part = {"faces": 3153, "accuracy": 0.87, "low": 0.86, "high": 0.88}
    part |= {"balanced_accuracy": 0.7, "macro_f1": 0.71}
    return {
        "ferplus": {"compact": {"all": part}, "compact_ferplus": {"all": part}},
        "compact/2024": {"parameters": 875393},
        "compact_ferplus/2024": {"parameters": 875393},
    }


def test_the_page_has_a_row_per_network_and_each_published_one(metrics):
    page = ferplus_document(metrics)
    ours, published = page.split("## Published")
    rows = [line for line in ours.splitlines() if line.startswith("| `")]
    assert len(rows) == 2 and "875,393" in rows[0] and "87.0 (86.0 to 88.0)" in rows[0]
    assert "3,153 faces of PrivateTest" in page
    assert all(name in published for name, _, _ in PUBLISHED)
    accuracies = [accuracy for _, accuracy, _ in PUBLISHED]
    assert accuracies == sorted(accuracies)


def test_without_scores_there_is_no_page(metrics):
    assert ferplus_document({}) is None
    assert ferplus_document(metrics | {"ferplus": {}}) is None
