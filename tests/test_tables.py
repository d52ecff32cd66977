"""Markdown tables: what a reader sees is what the metrics say."""

import pytest

from ferd import tables


def test_block_between_the_markers_is_replaced_and_nothing_else():
    text = f"before\n{tables.START}\nold\n{tables.END}\nafter\n"
    once = tables.replace_block(text, "new")
    assert once == f"before\n{tables.START}\nnew\n{tables.END}\nafter\n"
    assert tables.replace_block(once, "new") == once


def test_document_without_markers_is_refused():
    with pytest.raises(ValueError, match="needs the lines"):
        tables.replace_block("no markers", "new")


def test_headline_says_not_run_where_there_are_no_metrics():
    leaf = {"paper": 0.6672, "ours": 0.67, "difference": 0.0028}
    lines = tables.headline_table({"cnn": {"parameters": leaf, "accuracy": leaf}}).splitlines()
    assert "| CNN, accuracy | 0.6672 | 0.6700 | +0.0028 |" in lines
    assert any(line.startswith("| stacking, accuracy | 0.6726 | not run |") for line in lines)


def test_whole_numbers_are_written_as_such():
    leaf = {"paper": 26933, "ours": 26930, "difference": -3}
    crop = {"images": leaf, "found": leaf}
    assert "| 26,933 | 26,930 | -3 |" in tables.headline_table({"crop": crop})


def test_variants_are_in_points_with_their_sign():
    values = {"faces": 5334, "accuracy": 0.66, "macro_f1": 0.61, "accuracy_minus_cnn": -0.0125}
    row = tables.variant_table({"stack": values}).splitlines()
    assert "| stack | 0.6600 | 0.6100 | -1.25 |  | 5,334 |" in row


def test_every_row_has_as_many_cells_as_the_head():
    table = tables.markdown(["a", "b"], [["1", "2"], ["3", "4"]]).splitlines()
    assert {line.count("|") for line in table} == {3}
    assert table[1] == "| --- | ---: |"
