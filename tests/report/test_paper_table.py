"""ferd.report.paper_table: the paper's table in a terminal."""

from pathlib import Path

import pytest

from ferd.report import paper_table

ROOT = Path(__file__).resolve().parents[2]


def printed(monkeypatch, capsys, *arguments):
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("sys.argv", ["paper_table", *arguments])
    paper_table.main()
    return capsys.readouterr().out


def test_the_table_holds_the_runs_asked_for_and_those_that_all_need():
    details = {"crop": 1, "cosine": 2, "automl_voting": 3, "cosine_cbam": 4}
    found = paper_table.of_runs(details, ["cosine_cbam"])
    assert found == {"crop": 1, "cosine": 2, "cosine_cbam": 4}
    assert paper_table.of_runs(details, []) == details
    with pytest.raises(SystemExit, match="no ablation_smote"):
        paper_table.of_runs(details, ["ablation_smote"])


def test_a_markdown_table_is_printed_in_columns_without_bars():
    text = paper_table.aligned("| model | % |\n| --- | ---: |\n| CNN | 6.5 |\n| stack |  |")
    assert text == "model    %\nCNN    6.5\nstack"


def test_the_papers_figures_stand_above_the_variants_and_can_be_left_out(monkeypatch, capsys):
    everything = printed(monkeypatch, capsys, "automl_voting")
    variants = printed(monkeypatch, capsys, "--variants", "automl_voting")
    assert everything.endswith(f"\n\n{variants}") and variants.startswith("model ")
    names = [line.split("  ")[0] for line in variants.splitlines()[1:]]
    assert names == [
        *("CNN to the letter", "hard voting to the letter", "soft voting to the letter"),
        "CNN",
    ]
