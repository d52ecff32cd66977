"""ferd.study.markdown: tables and generated parts of documents."""

import pytest

from ferd.study import markdown

MARKS = ("<!-- block -->", "<!-- end -->")


def test_block_between_the_markers_is_replaced_and_nothing_else():
    text = f"before\n{MARKS[0]}\nold\n{MARKS[1]}\nafter\n"
    once = markdown.replace_block(text, "new", *MARKS)
    assert once == f"before\n{MARKS[0]}\nnew\n{MARKS[1]}\nafter\n"
    assert markdown.replace_block(once, "new", *MARKS) == once


def test_document_without_markers_is_refused():
    with pytest.raises(ValueError, match="needs the lines"):
        markdown.replace_block("no markers", "new", *MARKS)


def test_a_table_that_is_too_wide_becomes_several_with_the_first_column_in_each():
    head, row = list("abcdefgh"), list("12345678")
    first, second = (table.splitlines() for table in markdown.wide(head, [row], 5).split("\n\n"))
    assert first[0] == "| a | b | c | d | e |" and first[2] == "| 1 | 2 | 3 | 4 | 5 |"
    assert second[0] == "| a | f | g | h |" and second[2] == "| 1 | 6 | 7 | 8 |"
    assert markdown.wide(head[:5], [row[:5]], 5) == markdown.markdown(head[:5], [row[:5]])


def test_every_row_has_as_many_cells_as_the_head():
    table = markdown.markdown(["a", "b"], [["1", "2"], ["3", "4"]]).splitlines()
    assert {line.count("|") for line in table} == {3}
    assert table[1] == "| --- | ---: |"
