"""ferd.report.ferplus_page: docs/ferplus.md."""

from copy import deepcopy

import pytest

from ferd.report.ferplus_page import PUBLISHED, ferplus_document

PART = {"faces": 3153, "accuracy": 0.87, "low": 0.86, "high": 0.88}
PART |= {"balanced_accuracy": 0.7, "macro_f1": 0.71}
PART |= {"per_class": {"contempt": {"recall": 0.125, "support": 1200}}}


def views(accuracy):
    """Scores with one kind of test-time augmentation, of three seeds and their average."""
    mean = PART | {"accuracy": accuracy, "sd": 0.0025}
    average = PART | {"accuracy": accuracy + 0.02}
    parts = {"validation": 0.85, "all": mean, "without_copy": mean}
    averages = {"validation": 0.8612, "all": average, "without_copy": PART}
    return parts | {"average": averages}


@pytest.fixture
def metrics():
    trained = {
        "seeds": 3,
        "parameters": 875586,
        "multiply_adds": 12345678,
        "faces": {"train": 26838, "validation": 3199, "test": 3153},
        "views": {"centre": views(0.875), "flip": views(0.88), "ten": views(0.885)},
    }
    return {
        "ferplus": {
            "seven_classes": {"compact": {"all": PART}, "compact_ferplus": {"all": PART}},
            "eight_classes": {"benchmark_ferplus": trained},
        },
        "compact/2024": {"parameters": 875393},
        "compact_ferplus/2024": {"parameters": 875393},
    }


def rows(page, start):
    """The cells of the rows that start so."""
    found = [line for line in page.splitlines() if line.startswith(f"| {start}")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in found]


def test_the_page_has_a_row_per_network_and_each_published_one(metrics):
    page = ferplus_document(metrics)
    ours, published = page.split("## Published")
    found = rows(ours, "`compact")
    assert len(found) == 2
    assert found[0][1:4] == ["875,393", "87.0 (86.0 to 88.0)", ""]
    assert "3,153 faces of PrivateTest" in page
    assert all(one.name in published for one in PUBLISHED)
    accuracies = [one.accuracy for one in PUBLISHED]
    assert accuracies == sorted(accuracies)


def test_a_network_of_the_benchmark_has_a_row_for_each_of_its_views_and_for_its_average(metrics):
    page = ferplus_document(metrics)
    one, two, ten = rows(page, "`benchmark_ferplus`")
    assert one == [
        *("`benchmark_ferplus`, one view, mean of 3 seeds (SD 0.25)", "875,586", "12.3", "85.0"),
        *("87.5 (86.0 to 88.0)", "87.5 (86.0 to 88.0)"),
    ]
    assert two[0].startswith("`benchmark_ferplus`, two views") and two[2] == "24.7"
    assert ten[2] == "123.5" and ten[4].startswith("88.5")
    averages = rows(page, "average of the 3 networks")
    assert [row[1:4] for row in averages] == [
        ["2,626,758", work, "86.1"] for work in ("37.0", "74.1", "370.4")
    ]
    assert averages[0][4] == "89.5 (86.0 to 88.0)"
    assert "26,838 faces of Training (three seeds):" in page
    assert (
        "balanced accuracy is 70.0% and the macro F1 71.0%. By class, as means over the seeds:"
        in page
    )
    assert rows(page, "contempt") == [["contempt", "1,200", "12.5", "12.5"]]


def test_one_trained_seed_is_called_one_run_and_has_no_average(metrics):
    trained = metrics["ferplus"]["eight_classes"]["benchmark_ferplus"]
    trained["seeds"] = 1
    for found in trained["views"].values():
        del found["average"], found["all"]["sd"]
    page = ferplus_document(metrics)
    assert len(rows(page, "`benchmark_ferplus`, one view, one run")) == 1
    assert "average of" not in page and "as means" not in page and "(one run)" in page


def test_before_its_first_training_the_page_has_the_other_networks(metrics):
    before = deepcopy(metrics)
    before["ferplus"]["eight_classes"] = {}
    page = ferplus_document(before)
    assert "benchmark_ferplus" not in page and len(rows(page, "`compact")) == 2


def test_without_scores_there_is_no_page(metrics):
    assert ferplus_document({}) is None
    assert ferplus_document(metrics | {"ferplus": {}}) is None
