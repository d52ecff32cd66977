"""ferd.report.readme_table: five networks, each by what was measured of it."""

from pathlib import Path

import pytest

from ferd.report.readme_table import readme_table
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


def test_five_rows_with_test_set_score_and_interval(metrics):
    found = rows(metrics)
    assert len(found) == 5
    assert [row[2] for row in found] == [*["the paper's"] * 3, *["PrivateTest"] * 2]
    assert all(" to " in row[3] for row in found)
    assert found[0][3] == "67.3 (66.0 to 68.5)" and found[0][4] == ""


def test_several_seeds_give_their_mean_and_its_interval(metrics):
    spread = {"seeds": 2, "mean": 0.5, "low": 0.4, "high": 0.6, "sd": 0.01}
    metrics["headline"]["improved"]["spread"] = spread
    assert rows(metrics)[2][3] == "50.0 (40.0 to 60.0)" and "mean of 2 seeds" in rows(metrics)[2][0]
    del metrics["headline"]["improved"]["spread"]
    assert rows(metrics)[2][3] == "72.4 (71.1 to 73.6)" and "mean" not in rows(metrics)[2][0]


def test_the_best_network_by_annotators_is_chosen_by_its_score(metrics):
    assert "`compact_ferplus`" in rows(metrics)[3][0]
    networks = metrics["agreement"]["detected"]["networks"]
    next(iter(networks["cnn"]["seeds"].values()))["annotators"]["accuracy"] = 0.99
    assert rows(metrics)[3][0] == "CNN" and rows(metrics)[3][2] == "the paper's"


def test_the_strongest_package_is_chosen_by_its_score_on_all_of_private_test(metrics):
    assert "`fer`" in rows(metrics)[4][0]
    metrics["headline"]["packages"]["facex"] = 0.9
    assert "`facex`" in rows(metrics)[4][0] and rows(metrics)[4][3].startswith("90.0 (")


def test_without_annotators_and_packages_their_rows_are_left_out(metrics):
    metrics["agreement"] = {}
    metrics["headline"]["packages"] = {}
    assert len(rows(metrics)) == 3
    assert "annotators" not in readme_table(metrics)[1]
    assert len(rows({})) == 1
