"""The stage summary: a row per figure of the paper."""

from pathlib import Path

import pandas as pd
import pytest

from ferd.report import paper_results
from stages import summary

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def small_study(empty_folder):
    """A dvc.yaml whose only details are of the soft vote, and a place for them."""
    path = "metrics/details/automl_voting.json"
    Path("dvc.yaml").write_text(f"stages: {{score: {{outs: [{path}]}}}}\n")
    Path(path).parent.mkdir(parents=True)
    return Path(path)


def test_a_row_per_figure_with_the_difference_to_the_paper(small_study):
    scores = {**paper_results.VOTING, "accuracy": 0.7}
    small_study.write_text(pd.Series({"soft": scores}).to_json())
    summary.main()
    table = pd.read_csv("plots/summary/results.csv").set_index("figure")
    assert set(table["part"]) == {"voting"}
    assert table.loc["accuracy", ["paper", "ours", "difference"]].tolist() == [0.6713, 0.7, 0.0287]
    assert (table["difference"].drop("accuracy") == 0).all()


def test_scores_that_are_missing_stop_the_stage(small_study):
    with pytest.raises(SystemExit, match="run dvc repro"):
        summary.main()


def test_the_committed_table_is_what_the_committed_scores_give(tmp_path):
    from ferd.report.comparison import long_table
    from ferd.report.findings.all_findings import read_study
    from ferd.study.base.results import write_table

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        table = long_table(read_study(partial=True).compared)
    write_table(tmp_path / "results.csv", table)
    committed = ROOT / "plots/summary/results.csv"
    assert (tmp_path / "results.csv").read_bytes() == committed.read_bytes()
