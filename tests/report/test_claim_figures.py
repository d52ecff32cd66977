"""ferd.report.web.claim_figures and forest_plot: each claim's estimates are drawn where they
are."""

import itertools
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ferd.report import claims
from ferd.report.web.claim_figures import FAMILIES, claim_figures, estimates_of
from ferd.report.web.forest_plot import STRIP, WIDTH, Estimate, Side, forest_plot
from ferd.scoring.claim_list import CLAIMS

ROOT = Path(__file__).resolve().parents[2]
VOTING, SMOTE = CLAIMS[0], CLAIMS[6]
ENTRY = {"difference": 0.0124, "low": 0.0044, "high": 0.0203, "p_faces_holm": 0.02}
BALANCED = {"difference": -0.02, "low": -0.03, "high": -0.01, "one_run": 1, "p_holm": 0.01}


def found(claim, **families):
    """claims.json with entries of one claim: dicts of part to entry, by family."""
    return {
        family: {part: {"claims": {claim.pair: entry}} for part, entry in parts.items()}
        for family, parts in families.items()
    }


def drawn(*values, sign=1, least=0.0):
    """The drawing of estimates, each a difference with the ends of its interval."""
    estimates = [Estimate("runs", "faces", *ends, "decided") for ends in values]
    text = forest_plot("key", "title", estimates, Side(sign, least), "points")
    return ElementTree.fromstring(text)


def of_class(drawing, kind):
    return [one for one in drawing.iter() if one.get("class") == kind]


def ends(drawing):
    """Left end, point and right end of each interval, in units of the drawing."""
    lines, dots = of_class(drawing, "interval"), list(drawing.iter("circle"))
    return [
        tuple(float(text) for text in (line.get("x1"), dot.get("cx"), line.get("x2")))
        for line, dot in zip(lines, dots, strict=True)
    ]


def numbers(drawing):
    """All horizontal positions."""
    names = ("x", "x1", "x2", "cx")
    return [float(one.get(name)) for one in drawing.iter() for name in names if one.get(name)]


VALUES = [(-0.3, -0.31, -0.29), (-0.001, -0.002, 0.0), (0.0, -0.01, 0.01), (0.02, 0.01, 0.05)]


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("least", [0.0, 0.03, 0.4])
@pytest.mark.parametrize("count", [1, 2, 4])
def test_positions_follow_the_values_and_all_are_inside_the_drawing(sign, least, count):
    for values in itertools.combinations(VALUES, count):
        drawing = drawn(*values, sign=sign, least=least)
        places = ends(drawing)
        wanted = [(low, value, high) for value, low, high in values]
        pairs = sorted(zip(sum(wanted, ()), sum(places, ()), strict=True))
        for (first, before), (second, after) in itertools.pairwise(pairs):
            assert before < after if second > first else before == after
        assert all(4 <= place <= STRIP - 4 for place in sum(places, ()))
        assert all(0 <= number <= WIDTH for number in numbers(drawing))
        height = float(drawing.get("viewBox").split()[3])
        assert all(0 < float(dot.get("cy")) < height for dot in drawing.iter("circle"))


@pytest.mark.parametrize(("sign", "least"), [(1, 0.0), (-1, 0.0), (1, 0.03), (-1, 0.03)])
def test_the_claimed_side_is_shaded_from_its_edge_to_the_end(sign, least):
    edge = sign * least
    drawing = drawn((edge, edge - 0.01, edge + 0.01), sign=sign, least=least)
    (shade,), ((_, place, _),) = drawing.iter("rect"), ends(drawing)
    left = float(shade.get("x"))
    right = left + float(shade.get("width"))
    assert (left if sign > 0 else right) == pytest.approx(place, abs=0.02)
    assert (right if sign > 0 else left) == pytest.approx(STRIP - 5 if sign > 0 else 5, abs=0.02)
    (zero,) = of_class(drawing, "zero")
    (tick,) = (one for one in of_class(drawing, "tick") if one.text == "0")
    assert tick.get("x") == zero.get("x1")
    bounds = of_class(drawing, "least")
    assert [float(one.get("x1")) for one in bounds] == ([place] if least else [])


def test_ticks_are_where_their_numbers_are():
    drawing = drawn((0.02, -0.03, 0.05))
    ticks = {float(one.text): float(one.get("x")) for one in of_class(drawing, "tick")}
    ((low, middle, high),) = ends(drawing)
    assert 3 <= len(ticks) <= 7
    for text, place in ticks.items():
        expected = low + (high - low) * (text + 3) / 8
        assert place == pytest.approx(expected, abs=0.05)
    assert middle == pytest.approx(low + (high - low) * 5 / 8, abs=0.05)


def test_a_screen_reader_gets_the_claim_and_every_figure():
    drawing = drawn((0.0124, 0.0044, 0.0203), (-0.01, -0.02, 0.0), least=0.03)
    title, description = drawing[0], drawing[1]
    assert drawing.get("role") == "img"
    assert drawing.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert (title.tag, title.text, description.tag) == ("title", "title", "desc")
    assert description.text == (
        "Differences (points), claimed: above +3. runs, faces: +1.24 (+0.44 to +2.03), decided. "
        "runs, faces: -1.00 (-2.00 to 0.00), decided."
    )


def test_texts_are_escaped():
    one = Estimate("<g>", "a & b", 0.01, 0.0, 0.02, '"<v>"')
    drawing = ElementTree.fromstring(forest_plot("k", "<t>", [one], Side(1), "<u>"))
    texts = {element.text for element in drawing.iter("text")}
    assert {"<g>", "a & b", '"<v>"', "<u>"} <= texts and drawing[0].text == "<t>"


def test_each_family_and_part_is_a_line_with_its_own_verdict():
    once = ENTRY | {"one_run": 1, "p_faces_holm": 0.06}
    table = found(VOTING, cosine={"without_any_copy": once}, letter={"detected": ENTRY})
    first, second = estimates_of(VOTING, table)
    assert first[1:] == ("all test faces", 0.0124, 0.0044, 0.0203, "reproduced")
    assert (second.label, second.verdict) == (
        "without any copy in train",
        "not decidable at this size",
    )
    assert (first.group, second.group) == ("to the letter", "our recipe (one run)")
    html = claim_figures(table)
    assert html.count("<svg") == 1 and html.count("<circle") == 2
    assert ">reproduced<" in html and ">not decidable at this size<" in html


def test_the_families_are_those_of_the_table():
    assert list(FAMILIES) == list(claims.FAMILIES)


def test_balanced_accuracy_is_drawn_where_it_decides():
    table = found(SMOTE, cosine={"detected": ENTRY | {"balanced": BALANCED}})
    (one,) = estimates_of(SMOTE, table)
    assert (one.value, one.verdict) == (-0.02, "not reproduced")
    assert "balanced accuracy, points" in claim_figures(table)


def test_what_was_not_run_has_no_figure():
    assert claim_figures({}) == claim_figures({"cosine": {"detected": {"claims": {}}}}) == ""
    one = claim_figures(found(SMOTE, letter={"detected": {"balanced": BALANCED}}))
    assert one.count("<figure>") == 1 and "SMOTE helps voting." in one


def test_the_studys_claims_are_all_drawn_with_ids_of_their_own():
    html = claim_figures(json.loads((ROOT / "metrics/details/claims.json").read_text()))
    assert html.count("<svg") == len(CLAIMS)
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(set(ids)) == len(ids) == 2 * len(CLAIMS)
    assert ElementTree.fromstring(f"<div>{html}</div>").tag == "div"
