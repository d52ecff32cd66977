"""Markdown tables: what a reader sees is what the metrics say."""

from ferd.report.tables import paper_figures


def test_headline_says_not_run_where_there_are_no_metrics():
    leaf = {"paper": 0.6672, "ours": 0.67, "difference": 0.0028}
    lines = paper_figures.headline_table(
        {"cnn": {"parameters": leaf, "accuracy": leaf}}
    ).splitlines()
    assert "| CNN to the letter, accuracy, % | 66.72 | 67.00 | +0.28 |" in lines
    stacking = "| stacking to the letter, accuracy, % | 67.26 | not run |"
    assert any(line.startswith(stacking) for line in lines)


def test_whole_numbers_are_written_as_such():
    leaf = {"paper": 26933, "ours": 26930, "difference": -3}
    crop = {"images": leaf, "found": leaf}
    assert "| 26,933 | 26,930 | -3 |" in paper_figures.headline_table({"crop": crop})


def test_variants_that_ran_are_in_points_with_their_sign():
    values = {"faces": 5334, "accuracy": 0.66, "macro_f1": 0.61, "accuracy_minus_cnn": -0.0125}
    rows = paper_figures.variant_table({"stack": values}).splitlines()
    assert rows[2:] == ["| stacking | 66.00 | 61.00 | -1.25 |  |"]


def test_scores_of_the_paper_keep_its_digits_and_are_named_as_usual():
    leaf = {"paper": 0.62, "ours": 0.631, "difference": 0.011}
    lines = paper_figures.overall_table({"auc": leaf, "macro": {"f1": leaf}}).splitlines()
    assert lines[2:] == [
        "| AUC | 0.6200 | 0.6310 | +0.0110 |",
        "| macro F1 | 0.6200 | 0.6310 | +0.0110 |",
    ]
