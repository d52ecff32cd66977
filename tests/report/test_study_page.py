"""ferd.report.web.study_page and page_figures: the page stands alone, and works in a browser."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from ferd.classes import CLASSES
from ferd.report.results import results_page
from ferd.report.results.results_annotators import annotators_part
from ferd.report.results.results_limits import limits
from ferd.report.web import page_figures
from ferd.report.web.page_figures import CROPS, DRAWN, figures_section, paper_figures_section
from ferd.report.web.page_text import to_html
from ferd.report.web.study_page import (
    FOLDER,
    Section,
    mistakes_section,
    packages_section,
    render,
    result_sections,
)
from ferd.study.details import read_details
from tests.helpers.browser import browser, needs_chromium
from tests.helpers.small_faces import make_faces

ROOT = Path(__file__).resolve().parents[2]
TABLE = """<div class="table" tabindex="0"><table>
<thead><tr><th>model</th><th>score</th></tr></thead>
<tbody>{}</tbody></table></div>"""

SHOWN = """return [...document.querySelectorAll("#one td:first-child")]
.map((cell) => cell.textContent).join("")"""
RIGHTMOST = """return Math.max(...[...document.querySelectorAll("body, body > *, section > *")]
.map((element) => element.getBoundingClientRect().right))"""

# Texts of a drawing that leave it, or lie over another text.
BAD_TEXTS = """const bad = [];
for (const drawing of document.querySelectorAll("svg")) {
  const frame = drawing.getBoundingClientRect();
  const texts = [...drawing.querySelectorAll("text")];
  const boxes = texts.map((text) => text.getBoundingClientRect());
  boxes.forEach((one, i) => {
    if (one.left < frame.left - 1 || one.right > frame.right + 1) bad.push(texts[i].textContent);
    boxes.slice(i + 1).forEach((two, j) => {
      if (one.left < two.right && two.left < one.right && one.top + 4 < two.bottom
        && two.top + 4 < one.bottom) bad.push(texts[i].textContent + texts[i + j + 1].textContent);
    });
  });
}
return bad"""
COLOURS = """return [getComputedStyle(document.querySelector("svg .verdict")).fill,
getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"""


def rows(*pairs):
    return "".join(f"<tr><td>{first}</td><td>{second}</td></tr>" for first, second in pairs)


@pytest.fixture
def page():
    table = TABLE.format(rows(("b", "+1.5 (0-2)"), ("a", ""), ("c", "-2"), ("d", "1,000")))
    wide = TABLE.format(rows(("x" * 300, "1")))
    return render([Section("one", "One & only", table), Section("two", "Two", wide)])


def test_page_takes_nothing_from_elsewhere(page):
    assert not re.findall(r'(?:src|href)="(?!#|data:)[^"]*"', page)
    assert not re.findall(r"@import|url\(|fetch\(|XMLHttpRequest", page)


def test_titles_are_escaped_and_linked(page):
    assert '<a href="#one">One &amp; only</a>' in page and '<section id="one"' in page


def test_what_follows_under_one_title_has_it_above_and_is_linked():
    page = render([Section("one", "One", "")], [Section("two", "Two", "")])
    places = [page.index(text) for text in ('id="one"', ">More</h2>", 'id="two"')]
    assert places == sorted(places)
    assert '<h2 id="one-title">' in page and '<h3 id="two-title">' in page
    assert {'href="#one"', 'href="#more"', 'href="#two"'} <= set(re.findall('href="[^"]*"', page))
    assert "More" not in render([Section("one", "One", "")])


@pytest.fixture
def metrics(monkeypatch):
    monkeypatch.chdir(ROOT)
    return read_details(partial=True)


def test_the_page_says_what_docs_results_says_with_a_figure_per_claim(metrics):
    claims, tables, last = result_sections(metrics)
    assert (claims.key, tables.key, last.key) == ("claims", "tables", "limits")
    assert claims.html.count("<svg") == 8
    shown = claims.html + tables.html + last.html
    parts = [
        *results_page.INTRODUCTION,
        *results_page.claims_part(metrics["claims"])[1:],
        *results_page.accuracy_part(metrics),
        *annotators_part(metrics["agreement"]),
        "\n".join(limits(metrics)),
    ]
    assert len(parts) > 12 and all(to_html(part).strip() in shown for part in parts)


def test_without_claims_tables_remain_and_one_family_is_enough(metrics):
    claims, tables, last = result_sections({})
    assert "<svg" not in claims.html and "not run" in claims.html
    assert "<table" in tables.html and "<li>" in last.html
    letter = {"claims": {"letter": metrics["claims"]["cosine"]}}
    assert result_sections(letter)[0].html.count("<svg") == 8


@pytest.fixture
def drawn(tmp_path, monkeypatch):
    """A folder with a picture of each sheet and figure, its content the name of its file."""

    def make(*names):
        pattern = re.compile("_(?=history|predictions|agreement)")
        found = {name: Path(pattern.sub("/", name, count=1)) for name in names}
        monkeypatch.setattr(page_figures, "drawn_figures", lambda: found)
        for name in (*names, *(crop[0] for crop in CROPS)):
            (tmp_path / f"{name}.png").write_bytes(name.encode())
        return tmp_path

    return make


def titles_of(section):
    return re.findall("<figcaption>([^<]*)</figcaption>", section.html)


def test_the_papers_figures_are_in_its_order_and_the_others_elsewhere(drawn):
    folder = drawn("audit_agreement", *reversed(DRAWN))
    titles = titles_of(paper_figures_section(folder, folder))
    assert [int(title.split("Fig. ")[1][0]) for title in titles] == [
        1,
        1,
        2,
        3,
        3,
        4,
        4,
        5,
        5,
        6,
        6,
    ]
    others = titles_of(figures_section(folder))
    assert others == ["Similar images: where near copies begin"]


def test_a_figure_whose_run_is_missing_is_left_out(drawn):
    folder = drawn("cosine_history")
    titles = titles_of(paper_figures_section(folder, folder))
    assert len(titles) == len(CROPS) + 1 and titles[-1].startswith("Fig. 4")


def test_the_folder_of_the_page_is_a_dep_of_the_stage():
    deps = yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"]["report"]["deps"]
    folders = [ROOT / path for path in deps if (ROOT / path).is_dir()]
    assert any(FOLDER.is_relative_to(folder) for folder in folders)


def test_mistakes_show_the_very_face_with_its_votes_and_count_the_pair():
    faces = make_faces()
    names = np.array(CLASSES)
    table = pd.DataFrame({"name": faces.names, "actual": names[faces.classes]})
    table["predicted"] = "happy"
    for name in CLASSES:
        table[f"p_{name}"] = 0.4 if name == "happy" else 0.1
    votes = {faces.names[0]: "fear 9"}
    html = mistakes_section("CNN", table, faces, votes, 2).html
    assert html.count("<details>") == 6 and html.count("<img") == 12
    assert "angry, predicted as happy: 4 of 4" in html
    assert html.count("0.40; fear 9") == 1


def test_packages_are_the_direct_ones_with_their_pins():
    pins = "numpy==1.26.4\n    # via x\ndvc==3.67.1 ; python_version > 3\nother==1\n"
    html = packages_section("# why\nnumpy==1.26.4\ndvc\n", pins).html
    assert "1.26.4" in html and ">3.67.1<" in html and "other" not in html


@needs_chromium
def test_in_a_browser_tables_sort_nothing_overflows_and_the_console_is_silent(page, tmp_path):
    (tmp_path / "index.html").write_text(page)
    with browser(tmp_path / "profile") as window:
        window.open((tmp_path / "index.html").as_uri())
        assert window.problems() == []
        for order, direction in (("cbda", "ascending"), ("dbca", "descending")):
            window.click("#one th:nth-child(2) button")
            assert window.run(SHOWN) == order
            assert window.find("#one th:nth-child(2)").get_attribute("aria-sort") == direction
        for width in (360, 1280):
            window.set_width(width)
            assert window.run(RIGHTMOST) <= width


@needs_chromium
def test_in_a_browser_the_claims_can_be_read_at_each_width_and_in_the_dark(metrics, tmp_path):
    metrics["claims"]["letter"] = metrics["claims"]["cosine"]
    (tmp_path / "index.html").write_text(render(result_sections(metrics)))
    with browser(tmp_path / "profile") as window:
        window.open((tmp_path / "index.html").as_uri())
        found = set()
        for scheme in ("light", "dark"):
            features = [{"name": "prefers-color-scheme", "value": scheme}]
            window.devtools("Emulation.setEmulatedMedia", features=features)
            text, ink, paper = window.run(COLOURS)
            assert text == ink != paper
            found.add(ink)
            for width in (360, 800, 1400):
                window.set_width(width)
                assert window.run(BAD_TEXTS) == [] and window.run(RIGHTMOST) <= width
        assert len(found) == 2
