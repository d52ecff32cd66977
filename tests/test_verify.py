"""docs/verify.py: green on the committed page, red for any number, row, table or section wrong."""

import ast
import re
import sys
from pathlib import Path

import numpy as np
import pytest

REPO = Path(__file__).parents[1]
sys.path.insert(0, str(REPO / "docs"))
import verify  # noqa: E402
import verify_methods  # noqa: E402
import verify_page  # noqa: E402

PAGE = (REPO / "docs/results.md").read_text(encoding="utf-8")
SECTIONS = [title for title in re.findall(r"^## (.*)$", PAGE, re.MULTILINE) if title != "More"]


@pytest.fixture(scope="module")
def expected():
    return verify.expected_page(verify.Study(REPO / "plots"))


def body_of(title):
    """Where a section begins and ends."""
    start = PAGE.index(f"## {title}\n")
    return start, (PAGE.find("\n## ", start) + len(PAGE)) % len(PAGE)


def one_unit_off(text):
    """The number with its last digit one higher and one lower, as far as there is such a digit."""
    last = int(text[-1])
    return [text[:-1] + str(digit) for digit in (last + 1, last - 1) if 0 <= digit <= 9]


def numbers_of(title):
    """Where the section's numbers are in the page, without what is not checked."""
    start, end = body_of(title)
    skipped = [
        found.span()
        for template in verify_page.NOT_CHECKED.values()
        for found in re.finditer(verify_page.searched(template), PAGE)
    ]
    spots = [found.span() for found in re.finditer(verify_page.NUMBER, PAGE[start:end])]
    spots = [(start + first, start + last) for first, last in spots]
    return [one for one in spots if not any(low <= one[0] < high for low, high in skipped)]


def test_the_committed_page_is_right_and_the_rest_is_named(expected):
    report = verify.verify(PAGE, expected)
    assert report.wrong == []
    assert report.right > 200
    assert len(report.unchecked) == len(verify_page.NOT_CHECKED)


@pytest.mark.parametrize("title", SECTIONS)
def test_every_number_changed_by_one_unit_is_found(title, expected):
    """Each number of the section in turn: in a cell, a head, a name or a sentence."""
    changes = missed = 0
    for first, last in numbers_of(title):
        texts = one_unit_off(PAGE[first:last])
        pages = [PAGE[:first] + changed + PAGE[last:] for changed in texts]
        found = [verify.verify(page, expected).wrong for page in pages]
        assert any(found), PAGE[first - 40 : last + 20]
        assert all(line.startswith((title, "unknown")) for wrong in found for line in wrong)
        changes, missed = changes + len(found), missed + found.count([])
    assert changes > 8
    # One way a value halfway between two roundings may be written as either.
    assert missed <= changes / 25


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("| angry | 715 |", "| angry | 716 |", ("The CNN, class by class, ", "row 'angry'")),
        ("| angry | 715 |", "| angry | 716 |", ("column 'faces'", "states 716, recomputed 715")),
        (" / 0.9197 |", " / 0.9198 |", ("column 'voting: paper / letter / our recipe'",)),
        ("| kappa | 0.5985 ", "| kappa | 0.5986 ", ("states 0.5986, recomputed 0.5985",)),
        (", reproduced (one run)", ", not reproduced (one run)", ("states", "recomputed")),
        ("cannot be told apart", "are the same", ("no sentence is like",)),
        ("| 0.9121 ", "| 0.91210 ", ("states 0.91210, recomputed 0.9121",)),
        ("## More\n", "## Less\n", ("unknown section 'Less'", "section 'More' is missing")),
        ("| MCC |", "| MMC |", ("unknown row 'MMC'", "row 'MCC' is missing")),
        ("| class | faces |", "| class | images |", ("columns are",)),
        ("Beside the paper's Table II.", "In 5 of 7 classes.", ("5 is unknown", "7 is unknown")),
        ("## More\n\n", "## More\n\n| a | b |\n| --- | ---: |\n| x | 1 |\n\n", ("has 1 tables",)),
    ],
)
def test_a_finding_says_where_it_is(before, after, told, expected):
    assert before in PAGE
    found = "\n".join(verify.verify(PAGE.replace(before, after, 1), expected).wrong)
    assert [part for part in told if part not in found] == []


@pytest.mark.parametrize("title", SECTIONS)
def test_a_missing_section_table_or_row_is_found(title, expected):
    start, end = body_of(title)
    missing = verify.verify(PAGE[:start] + PAGE[end:], expected).wrong
    assert f"section {title!r} is missing" in missing
    body = PAGE[start:end]
    for row in re.findall(r"^\| (?!---).*\n", body, re.MULTILINE):
        changed = body.replace(row, "", 1)
        assert verify.verify(PAGE[:start] + changed + PAGE[end:], expected).wrong, row
    for table in re.findall(r"(?:^\|.*\n)+", body, re.MULTILINE):
        changed = body.replace(table, "")
        assert verify.verify(PAGE[:start] + changed + PAGE[end:], expected).wrong


def test_exit_status_and_lines(expected, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(REPO)
    monkeypatch.setattr(verify, "expected_page", lambda study: expected)
    assert verify.main() == 0
    assert "not checked: " in capsys.readouterr().out
    (tmp_path / "page.md").write_text(PAGE.replace("| kappa | 0.5985", "| kappa | 0.5984"))
    assert verify.main(tmp_path / "page.md") == 1
    assert "WRONG Voting and stacking, table 1, row 'kappa'" in capsys.readouterr().out


@pytest.mark.parametrize("name", sorted(path.name for path in REPO.glob("docs/verify*.py")))
def test_nothing_of_the_study_is_imported(name):
    tree = ast.parse((REPO / "docs" / name).read_text(encoding="utf-8"))
    names = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    names |= {
        one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names
    }
    assert not {one.split(".")[0] for one in names} & {"ferd", "stages", "benchmarks", "tests"}


def test_sign_flip_counts_all_signs():
    changes, groups = np.array([2, 1, 1, -1, 3, 0]), np.array([0, 1, 1, 2, 3, 4])
    signs = 1 - 2 * np.array(np.meshgrid(*[[0, 1]] * 4)).reshape(4, -1).T
    sums = np.abs(signs @ [2, 2, -1, 3])
    assert verify_methods.sign_flip(changes, groups) == pytest.approx((sums >= 6).mean())


def test_counts_are_matched_by_the_best_assignment():
    generator = np.random.default_rng(3)
    probabilities = generator.dirichlet(np.ones(7), 70)
    found = verify_methods.by_counts(probabilities, np.full(7, 1 / 7))
    assert list(np.bincount(found, minlength=7)) == [10] * 7
    from scipy.optimize import linear_sum_assignment

    costs = -np.log(probabilities)[:, np.repeat(np.arange(7), 10)]
    faces, places = linear_sum_assignment(costs)
    assert list(found) == list(places // 10)
    assert list(faces) == list(range(70))


def test_mean_probabilities_are_matched():
    generator = np.random.default_rng(4)
    probabilities, shares = generator.dirichlet(np.ones(7), 300), np.arange(1, 8) / 28
    found = verify_methods.by_probabilities(probabilities, shares)
    weighed = probabilities
    for _ in range(2000):
        weighed = weighed / weighed.sum(axis=1, keepdims=True)
        weighed = weighed * shares / weighed.mean(axis=0)
    assert list(found) == list(weighed.argmax(axis=1))
