"""Formats the scores of `ferd evaluate` as text for a terminal."""

from ferd.classes import CLASSES
from ferd.inference.prior import LABELS, UNIFORM

FEW = 30  # of fewer images a bootstrap interval holds the accuracy clearly less often than 95%
CUT_OFF = " of those scored (JPEG files without their last bytes: the rest was used)"
TITLES = {
    "detected": "images in which a face is found",
    "all": "all images, used whole if no face is found",
    "whole": "all images, each used whole",
}
PRIORS = {
    UNIFORM: "uniform (each class equally frequent)",
    LABELS: "labels (uses the labels themselves: an upper bound of what a known prior is worth)",
}


def table(report):
    """Text of a report of `ferd.cli.evaluate`: the data, then a block for each part."""
    parts = dict(report["scores"])
    if report["images"]["found"] == report["images"]["scored"]:
        parts.pop("detected", None)  # it would repeat the scores of all images
    blocks = [_head(report), *(_part(TITLES[part], scores) for part, scores in parts.items())]
    return "\n\n".join("\n".join(lines) for lines in blocks)


def _head(report):
    images, model = report["images"], report["model"]
    part = f", part {report['part']}" if report["part"] else ""
    left_out = ", ".join(f"{name} {count}" for name, count in images["left_out"].items())
    rows = [
        ["model", f"{model['path']} (sha256 {model['sha256'][:12]})"],
        ["data", f"{report['folder']} (layout {report['layout']}{part})"],
        *_prior(report.get("prior")),
        ["scored", f"{images['scored']:,} images"],
        ["face found", "not searched" if images["found"] is None else f"in {images['found']:,}"],
        ["left out", left_out or "none"],
        ["cut off", f"{images['cut_off']:,}{CUT_OFF if images['cut_off'] else ''}"],
        ["unreadable", f"{images['unreadable']:,}"],
    ]
    return [f"{name:<12}{text}" for name, text in rows]


def _prior(prior):
    if prior is None:
        return []
    shares = ", ".join(f"{name} {share:.4f}" for name, share in prior["shares"].items())
    return [["prior", PRIORS.get(prior["option"], "given")], ["shares", shares]]


def _part(title, scores):
    interval = f"95% interval {scores['low']:.4f} to {scores['high']:.4f}"
    lines = [
        f"{title}: {scores['images']:,}",
        f"accuracy           {scores['accuracy']:.4f} ({interval})",
        f"balanced accuracy  {scores['balanced_accuracy']:.4f}",
        f"macro F1           {scores['macro_f1']:.4f}",
    ]
    if missing := scores["missing"]:
        present = len(CLASSES) - len(missing)
        those = f"{present} classes" if present > 1 else "one class"
        lines.append(f"both over the {those} present; missing: {', '.join(missing)}")
    # Where all are right, or none, the interval is exact.
    if scores["images"] < FEW and 0 < scores["accuracy"] < 1:
        lines.append(f"fewer than {FEW} images: the interval is no more than a rough guide")
    return [*lines, "", *_classes(scores["per_class"]), "", *_confusion(scores["confusion"])]


def _classes(scores):
    columns = ("recall", "precision", "f1")
    rows = [["class", "recall", "precision", "F1", "support"]]
    for name, values in scores.items():
        cells = ["-" if values[key] is None else f"{values[key]:.4f}" for key in columns]
        rows.append([name, *cells, str(values["support"])])
    return _grid(rows)


def _confusion(counts):
    rows = [["actual \\ predicted", *CLASSES]]
    rows += [[name, *(str(counts[name][other]) for other in CLASSES)] for name in CLASSES]
    return _grid(rows)


def _grid(rows):
    """Lines of a table, the first column left, the others right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        row[0].ljust(widths[0])
        + "".join(f"  {cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True))
        for row in rows
    ]
