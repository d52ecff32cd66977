"""ferd.report.web.page_text: Markdown of docs/ becomes part of a single-file page."""

from ferd.report.web.page_text import to_html


def test_the_title_is_left_out_and_headings_go_down_one_level():
    html = to_html("# Title\n\ntext\n\n## Part\n\n### Detail\n")
    assert "Title" not in html and "<h1" not in html and "<h2" not in html
    assert "<h3>Part</h3>" in html and "<h4>Detail</h4>" in html and "<p>text</p>" in html


def test_headings_go_down_as_far_as_html_has_levels():
    html = to_html("## Part\n\n##### Detail\n", lower=2)
    assert "<h4>Part</h4>" in html and "<h6>Detail</h6>" in html


def test_a_table_scrolls_in_a_box_of_its_own():
    html = to_html("| a | b |\n| --- | ---: |\n| 1 | 2 |\n")
    assert html.count('<div class="table"') == html.count("</table></div>") == 1
    assert html.index("<div") < html.index("<table>") < html.index("</table></div>")
    assert '<td style="text-align:right">2</td>' in html


def test_links_to_files_become_text_and_links_to_the_web_stay():
    html = to_html("See [the report](report.md) and [the paper](https://example.org/a).")
    assert "See the report and" in html and "report.md" not in html
    assert '<a href="https://example.org/a">the paper</a>' in html


def test_html_in_a_text_is_shown_not_obeyed():
    assert "<script>" not in to_html("<script>alert(1)</script>")
