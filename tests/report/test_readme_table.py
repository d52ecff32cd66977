"""ferd.report.readme.table: the networks, each by what was measured of it."""

from pathlib import Path

import pytest

from ferd.report.readme.table import readme_table
from ferd.study.details import read_details

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def metrics(monkeypatch):
    """The committed metrics, free to be changed."""
    monkeypatch.chdir(ROOT)
    return read_details(partial=True)


def rows(metrics):
    lines = readme_table(metrics)[0].splitlines()[2:]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]


def test_six_rows_with_test_set_score_and_interval(metrics):
    found = rows(metrics)
    assert len(found) == 6
    assert [row[2] for row in found] == [*["the paper's"] * 4, *["PrivateTest"] * 2]
    assert all(" to " in row[3] for row in found)
    assert found[0][3] == "67.3 (66.0 to 68.5)" and found[0][4] == ""


def test_several_seeds_give_their_mean_and_its_interval(metrics):
    spread = {"seeds": 2, "mean": 0.5, "low": 0.4, "high": 0.6, "sd": 0.01}
    metrics["headline"]["improved"]["spread"] = spread
    accuracy = metrics["claims"]["improved"]["detected"]["accuracy"]["improved"]
    wide = f"{100 * accuracy['low']:.1f} to {100 * accuracy['high']:.1f}"
    assert wide in rows(metrics)[3][3] and "mean of 2 seeds" in rows(metrics)[3][0]
    metrics["claims"]["letter"]["detected"]["accuracy"]["stack"] = spread
    assert rows(metrics)[1][3] == "50.0 (40.0 to 60.0)" and "mean of 2 seeds" in rows(metrics)[1][0]
    del metrics["claims"]
    assert rows(metrics)[3][3] == "50.0 (40.0 to 60.0)"
    stack = metrics["automl_stacking"]["stack"]["accuracy"]
    assert rows(metrics)[1][3].startswith(f"{100 * stack:.1f} (")
    assert "mean" not in rows(metrics)[1][0]
    del metrics["headline"]["improved"]["spread"]
    assert rows(metrics)[3][3] == "72.4 (71.1 to 73.6)" and "mean" not in rows(metrics)[3][0]


def test_the_best_network_by_annotators_is_chosen_by_its_score(metrics):
    assert "`compact_ferplus`" in rows(metrics)[4][0]
    networks = metrics["agreement"]["detected"]["networks"]
    next(iter(networks["cnn"]["seeds"].values()))["annotators"]["accuracy"] = 0.99
    assert rows(metrics)[4][0] == "CNN" and rows(metrics)[4][2] == "the paper's"


def test_the_strongest_package_is_chosen_by_its_score_on_all_of_private_test(metrics):
    assert "`fer`" in rows(metrics)[5][0]
    metrics["headline"]["packages"]["facex"] = 0.9
    assert "`facex`" in rows(metrics)[5][0] and rows(metrics)[5][3].startswith("90.0 (")


def test_without_annotators_and_packages_their_rows_are_left_out(metrics):
    metrics["agreement"] = {}
    metrics["headline"]["packages"] = {}
    assert len(rows(metrics)) == 4
    assert "annotators" not in readme_table(metrics)[1]
    assert len(rows({})) == 1
