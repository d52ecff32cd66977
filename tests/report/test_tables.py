"""Markdown tables: what a reader sees is what the metrics say."""

import pytest

from ferd.report import tables

MARKS = ("<!-- block -->", "<!-- end -->")


def test_block_between_the_markers_is_replaced_and_nothing_else():
    text = f"before\n{MARKS[0]}\nold\n{MARKS[1]}\nafter\n"
    once = tables.replace_block(text, "new", *MARKS)
    assert once == f"before\n{MARKS[0]}\nnew\n{MARKS[1]}\nafter\n"
    assert tables.replace_block(once, "new", *MARKS) == once


def test_document_without_markers_is_refused():
    with pytest.raises(ValueError, match="needs the lines"):
        tables.replace_block("no markers", "new", *MARKS)


def test_headline_says_not_run_where_there_are_no_metrics():
    leaf = {"paper": 0.6672, "ours": 0.67, "difference": 0.0028}
    lines = tables.headline_table({"cnn": {"parameters": leaf, "accuracy": leaf}}).splitlines()
    assert "| CNN, accuracy, % | 66.72 | 67.00 | +0.28 |" in lines
    assert any(line.startswith("| stacking, accuracy, % | 67.26 | not run |") for line in lines)


def test_whole_numbers_are_written_as_such():
    leaf = {"paper": 26933, "ours": 26930, "difference": -3}
    crop = {"images": leaf, "found": leaf}
    assert "| 26,933 | 26,930 | -3 |" in tables.headline_table({"crop": crop})


def test_variants_that_ran_are_in_points_with_their_sign():
    values = {"faces": 5334, "accuracy": 0.66, "macro_f1": 0.61, "accuracy_minus_cnn": -0.0125}
    rows = tables.variant_table({"stack": values}).splitlines()
    assert rows[2:] == ["| stacking | 66.00 | 61.00 | -1.25 |  |"]


def test_a_table_that_is_too_wide_becomes_several_with_the_first_column_in_each():
    head, row = list("abcdefgh"), list("12345678")
    first, second = (table.splitlines() for table in tables.wide(head, [row], 5).split("\n\n"))
    assert first[0] == "| a | b | c | d | e |" and first[2] == "| 1 | 2 | 3 | 4 | 5 |"
    assert second[0] == "| a | f | g | h |" and second[2] == "| 1 | 6 | 7 | 8 |"
    assert tables.wide(head[:5], [row[:5]], 5) == tables.markdown(head[:5], [row[:5]])


def test_scores_of_the_paper_keep_its_digits_and_are_named_as_usual():
    leaf = {"paper": 0.62, "ours": 0.631, "difference": 0.011}
    lines = tables.overall_table({"auc": leaf, "macro": {"f1": leaf}}).splitlines()
    assert lines[2:] == [
        "| AUC | 0.6200 | 0.6310 | +0.0110 |",
        "| macro F1 | 0.6200 | 0.6310 | +0.0110 |",
    ]


def test_every_row_has_as_many_cells_as_the_head():
    table = tables.markdown(["a", "b"], [["1", "2"], ["3", "4"]]).splitlines()
    assert {line.count("|") for line in table} == {3}
    assert table[1] == "| --- | ---: |"
