"""Draws a forest plot, a line per estimate, as SVG in the colours of the page it stands in."""

from html import escape
from typing import NamedTuple

from ferd.report.number_text import points

# In units of the drawing, which fits a telephone at about its own size.
WIDTH, STRIP, EDGE = 360, 182, 5
LINE, HEIGHT, GAP = 18, 16, 8
STEPS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
LEAST_SPAN = 0.02


class Estimate(NamedTuple):
    """A line of a forest plot.

    Args:
        group: The text above the first estimate of a group.
        label: What is estimated.
        value, low, high: A difference and the ends of its interval, fractions.
        verdict: In words.
    """

    group: str
    label: str
    value: float
    low: float
    high: float
    verdict: str

    @property
    def figures(self):
        """The difference and its interval in points."""
        low, high = points(self.low, 2), points(self.high, 2)
        return f"{points(self.value, 2)} ({low} to {high})"


class Side(NamedTuple):
    """The differences that a claim allows.

    Args:
        sign: +1 if the claimed difference is positive, -1 if negative.
        least: The size that it is claimed to exceed, a fraction.
    """

    sign: int
    least: float = 0.0

    @property
    def edge(self):
        """The difference at which the side begins."""
        return self.sign * self.least

    @property
    def text(self):
        """The side in words."""
        return f"claimed: {'above' if self.sign > 0 else 'below'} {points(self.edge, 0)}"


class Scale(NamedTuple):
    """The horizontal axis: the differences at both ends of the strip, fractions."""

    low: float
    high: float

    def x(self, value):
        """Where a difference is in the drawing."""
        return EDGE + (STRIP - 2 * EDGE) * (value - self.low) / (self.high - self.low)

    def ticks(self):
        """Round differences on the axis, 0 among them."""
        span = self.high - self.low
        step = next((step for step in STEPS if span <= 6 * step), 1.0)
        return [step * number for number in range(int(self.low / step), int(self.high / step) + 1)]


def scale_of(estimates, side):
    """The axis that holds 0, every interval, the edge of the claimed side and some of the side.

    Args:
        estimates: List of `Estimate`.
        side: `Side`.

    Returns:
        `Scale`.
    """
    values = [0.0, side.edge, *(end for one in estimates for end in (one.low, one.high))]
    span = max(max(values) - min(values), LEAST_SPAN)
    values.append(side.edge + side.sign * 0.3 * span)
    return Scale(min(values) - 0.05 * span, max(values) + 0.05 * span)


def forest_plot(key, title, estimates, side, unit):
    """SVG of estimates: a point, an interval and a verdict for each.

    Args:
        key: Start of the ids in the drawing, which the page must not have twice.
        title: What a screen reader says first.
        estimates: List of `Estimate`, at least one; those of a group follow each other.
        side: `Side`, which is shaded.
        unit: Of the axis.
    """
    scale = scale_of(estimates, side)
    parts, y, group = [_side_text(scale, side)], LINE, None
    for one in estimates:
        if one.group != group:
            group, y = one.group, y + LINE
            parts.append(_text(0, y - 4, group, "group"))
        parts.append(_row(scale, side, one, y))
        y += LINE + HEIGHT + GAP
    parts.append(_axis(scale, y, unit))
    described = _described(estimates, side, unit)
    return (
        f'<svg viewBox="0 0 {WIDTH} {y + LINE}" role="img" '
        f'aria-labelledby="{key}-title {key}-desc"><title id="{key}-title">{escape(title)}</title>'
        f'<desc id="{key}-desc">{escape(described)}</desc>{"".join(parts)}</svg>'
    )


def _described(estimates, side, unit):
    """The drawing in words."""
    lines = (f"{one.group}, {one.label}: {one.figures}, {one.verdict}." for one in estimates)
    return " ".join([f"Differences ({unit}), {side.text}.", *lines])


def _side_text(scale, side):
    """The text above the claimed side, with an arrow away from its edge."""
    if side.sign > 0:
        return _text(scale.x(side.edge), LINE - 4, f"{side.text} \u2192", "faint")
    return _text(0, LINE - 4, f"\u2190 {side.text}", "faint")


def _row(scale, side, one, y):
    """An estimate: its label and figures, and below them its interval and verdict."""
    top, middle = y + LINE, y + LINE + HEIGHT / 2
    end = scale.high if side.sign > 0 else scale.low
    left, right = sorted((scale.x(side.edge), scale.x(end)))
    low, value, high = (f"{scale.x(end):.2f}" for end in (one.low, one.value, one.high))
    parts = [
        _text(0, top - 5, one.label, "label"),
        _text(WIDTH, top - 5, one.figures, "figures"),
        f'<rect x="{left:.2f}" y="{top}" width="{right - left:.2f}" height="{HEIGHT}"/>',
        _upright(scale.x(0), top, "zero"),
        _upright(scale.x(side.edge), top, "least") if side.least else "",
        f'<line class="interval" x1="{low}" x2="{high}" y1="{middle}" y2="{middle}"/>',
        f'<circle cx="{value}" cy="{middle}" r="4"/>',
        _text(STRIP + GAP, middle + 4, one.verdict, "verdict"),
    ]
    return "".join(parts)


def _axis(scale, y, unit):
    """Labels of round differences, and their unit."""
    numbers = (
        _text(scale.x(tick), y + 8, f"{100 * tick:+g}" if tick else "0", "tick")
        for tick in scale.ticks()
    )
    return "".join([*numbers, _text(STRIP + GAP, y + 8, unit, "faint")])


def _upright(x, top, kind):
    """An upright line through a strip."""
    return f'<line class="{kind}" x1="{x:.2f}" x2="{x:.2f}" y1="{top}" y2="{top + HEIGHT}"/>'


def _text(x, y, text, kind):
    return f'<text class="{kind}" x="{x:.2f}" y="{y}">{escape(text)}</text>'
