"""ferd.report.figure_list: the tables in the folders that the stage `figures` depends on."""

from pathlib import Path

import pytest

from ferd.report import figure_list
from ferd.report.figures import DRAWERS
from ferd.study.pipeline import deps_of

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def tables(empty_folder):
    """Writes empty tables, and a dvc.yaml whose stage `figures` depends on two runs."""
    deps = "[data/crops.npz, plots/train, plots/improved/2024]"
    Path("dvc.yaml").write_text(f"stages: {{figures: {{deps: {deps}}}}}\n")

    def write(*paths):
        for path in (Path("plots", name) for name in paths):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()

    return write


def test_tables_of_a_known_kind_are_drawn_of_the_runs_that_are_deps(tables):
    tables("train/predictions.csv", "train/history.csv", "improved/2024/history.csv")
    tables("train/confusion.csv", "train/fallback_soft.csv", "search/2024/history.csv")
    assert {name: str(path) for name, path in figure_list.drawn_figures().items()} == {
        "train_history": "plots/train/history.csv",
        "train_predictions": "plots/train/predictions.csv",
        "improved_2024_history": "plots/improved/2024/history.csv",
    }


def test_a_run_that_is_missing_has_no_figure(tables):
    assert figure_list.drawn_figures() == {}


def test_of_models_that_are_compared_the_comparison_alone_is_drawn(tables):
    tables("train/leaderboard.csv", "train/predictions.csv", "train/predictions_et.csv")
    assert list(figure_list.drawn_figures()) == ["train_leaderboard"]


def test_a_figure_has_its_title_or_its_name():
    assert figure_list.title_of("train_history") == "CNN to the letter (Fig. 4)"
    assert figure_list.title_of("improved_2024_history") == "improved 2024 history"


def test_every_title_belongs_to_a_figure_of_the_committed_tables(monkeypatch):
    monkeypatch.chdir(ROOT)
    drawn = set(figure_list.drawn_figures())
    assert drawn <= set(figure_list.TITLES)
    # A run that is not there yet has no table.
    missing = [dep.removeprefix("plots/") for dep in deps_of("figures") if not Path(dep).exists()]
    assert all(title.startswith(tuple(missing)) for title in set(figure_list.TITLES) - drawn)


def test_every_kind_can_be_drawn():
    assert set(figure_list.KINDS) == set(DRAWERS)
