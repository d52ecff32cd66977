"""ferd.report.study_page: the page stands alone, and works in a browser."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from ferd.classes import CLASSES
from ferd.report.study_page import FOLDER, Section, mistakes_section, packages_section, render
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
