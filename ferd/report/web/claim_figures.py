"""Draws a figure of each claim of the paper: its differences, their intervals and the verdicts."""

from html import escape

from ferd.report.claims import FAMILIES, VERDICT_PARTS, decide
from ferd.report.tables.report_tables import PARTS
from ferd.report.web.forest_plot import Estimate, Side, forest_plot
from ferd.scoring.claim_list import CLAIMS

NOTE = (
    "Each figure: differences in percentage points with 95% intervals. The side that the paper "
    "claims is shaded. Each figure has an axis of its own."
)


def claim_figures(found):
    """HTML: a figure for each claim that was tested; empty if none was.

    Args:
        found: metrics/details/claims.json; any of its families, parts and claims may be missing.
    """
    figures = []
    for number, claim in enumerate(CLAIMS, 1):
        if estimates := estimates_of(claim, found):
            drawing = claim_figure(claim, estimates, f"claim-{number}")
            figures.append(
                f"<figure><figcaption>{escape(claim.text)}</figcaption>{drawing}</figure>"
            )
    return f'<p>{NOTE}</p><div class="claims">{"".join(figures)}</div>' if figures else ""


def claim_figure(claim, estimates, key):
    """SVG of a claim.

    Args:
        claim: `ferd.scoring.claim_list.Claim`.
        estimates: List of `ferd.report.web.forest_plot.Estimate`, at least one.
        key: Start of the drawing's ids.
    """
    unit = "balanced accuracy, points" if claim.score == "balanced" else "accuracy, points"
    return forest_plot(key, claim.text, estimates, Side(claim.sign, claim.least), unit)


def estimates_of(claim, found):
    """The estimates of a claim's difference, by family of runs and part of the test set.

    Args:
        claim: `ferd.scoring.claim_list.Claim`.
        found: As in `claim_figures`.

    Returns:
        List of `ferd.report.web.forest_plot.Estimate`.
    """
    estimates, labels = [], dict(PARTS)
    for family, group in FAMILIES.items():
        for part in VERDICT_PARTS:
            entry = found.get(family, {}).get(part, {}).get("claims", {}).get(claim.pair)
            if entry:
                estimates.append(_estimate(claim, group, labels[part], entry))
    return estimates


def _estimate(claim, group, label, entry):
    entry, decided = decide(entry, claim)
    if entry.get("one_run"):
        group = f"{group} (one run)"
    values = (entry[name] for name in ("difference", "low", "high"))
    return Estimate(group, label, *values, decided)
