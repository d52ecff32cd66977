"""`make docs`: every page builds without a warning, and none loads anything from another host."""

import os
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

import ferd

REPO = Path(__file__).parents[1]
# Tags and the attribute by which each makes a browser load something; <a href> only links.
LOADS = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}
IN_STYLE = re.compile(r"""(?:url\(|@import)\s*["']?((?:https?:)?//[^"')\s]+)""")


class Loads(HTMLParser):
    """Collects what a page makes a browser load; a canonical link loads nothing."""

    def __init__(self, page):
        super().__init__()
        self.found, self.ids = [], set()
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.ids.add(attributes.get("id"))
        if tag in LOADS and attributes.get("rel") != "canonical":
            self.found.append(attributes.get(LOADS[tag]) or "")


def outside(names):
    return [name for name in names if re.match(r"(https?:)?//", name)]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The built pages; without a package index the test is skipped, but not in CI."""
    if not (REPO / "build/docs-venv/installed").exists():
        _need_index(tmp_path_factory.mktemp("index"))
    folder = tmp_path_factory.mktemp("site")
    # Of a surrounding make: its options are not for this one.
    env = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS")}
    done = subprocess.run(
        ["make", "docs", f"SITE={folder}"], cwd=REPO, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def _need_index(folder):
    words = ["--no-deps", "--no-cache-dir", "--retries", "1", "--timeout", "10", "--dest", folder]
    done = subprocess.run(
        [shutil.which("python3"), "-m", "pip", "download", *words, "mkdocs==1.6.1"],
        capture_output=True,
        text=True,
    )
    if done.returncode and not os.environ.get("CI"):
        pytest.skip("no package index answers")


def test_a_page_that_loads_from_another_host_would_be_seen():
    page = '<script src="//cdn.example/a.js"></script><a href="https://example.org">x</a>'
    assert outside(Loads(page).found) == ["//cdn.example/a.js"]
    assert IN_STYLE.findall("@import 'https://fonts.example/a'; b{c:url(//x.example/d)}") == [
        "https://fonts.example/a",
        "//x.example/d",
    ]


@pytest.mark.slow
def test_no_page_loads_anything_from_another_host(site):
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > len(list((REPO / "docs").glob("*.md")))
    for page in pages:
        text = page.read_text(encoding="utf-8")
        loads = Loads(text).found
        assert loads and outside(loads) == [] and IN_STYLE.findall(text) == [], page
    for style in site.rglob("*.css"):
        assert IN_STYLE.findall(style.read_text(encoding="utf-8")) == [], style


@pytest.mark.slow
def test_the_pages_link_to_files_that_are_there(site):
    for page in site.glob("*.html"):
        for link in re.findall(r'(?:href|src)="([^"#?]+)', page.read_text(encoding="utf-8")):
            if not re.match(r"[a-z]+:|/", link):
                assert (page.parent / link).exists(), (page.name, link)


@pytest.mark.slow
def test_the_reference_has_every_public_name(site):
    ids = Loads((site / "api.html").read_text(encoding="utf-8")).ids
    names = {f"ferd.{name}" for name in ferd.__all__ if not name.startswith("_")}
    assert names <= ids, names - ids
