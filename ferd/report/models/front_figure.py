"""Draws docs/front.svg: accuracy over time of the package's networks and of the package `fer`.

Reads   metrics/details/packaged.json, sections front and peers of benchmarks/results.json
Writes  docs/front.svg
Run     python -m ferd.report.models.front_figure   (from the top folder, after benchmarks/front.py)
Takes   seconds
"""

import argparse
import json
from pathlib import Path

from ferd.report.number_text import wilson

PACKAGED, RESULTS = Path("metrics/details/packaged.json"), Path("benchmarks/results.json")
FIGURE = Path("docs/front.svg")
KINDS = {"fer2013": "by FER2013's labels", "annotators": "by annotators' majority labels"}


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    networks = json.loads(PACKAGED.read_text(encoding="utf-8"))["networks"]
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    draw(points_of(networks, results["front"]["median"], results["peers"]), FIGURE)


def points_of(networks, times, peers):
    """What is drawn.

    Args:
        networks: Scores of the package's networks, from the stage packaged.
        times: Medians of benchmarks/front.py.
        peers: What benchmarks/peers.py measured of other packages.

    Returns:
        Dict of kind of label to dict of name to (milliseconds, accuracy, low, high), accuracies in
        percent. A package that was not scored by a kind of label is left out there.
    """
    found = {kind: {} for kind in KINDS}
    for name, one in times.items():
        own, milliseconds = name.removeprefix("ferd_"), one["ms_per_face_at_64"]
        if own in networks:
            scores = networks[own]["private_test"]["all"]
        else:
            scores = {"fer2013": of_package(name, peers)}
        for kind, score in scores.items():
            values = (100 * score[key] for key in ("accuracy", "low", "high"))
            found[kind][own] = (milliseconds, *values)
    return found


def of_package(name, peers):
    """Accuracy of another package on PrivateTest, with Wilson's 95% interval."""
    accuracy, faces = peers["accuracy"][name]["crops_private_test"], peers["images"]["private_test"]
    low, high = wilson(accuracy, faces)
    return {"accuracy": accuracy, "low": low, "high": high}


def draw(points, path):
    """Writes the figure, a panel per kind of label.

    Args:
        points: From `points_of`.
        path: An SVG file; equal points give equal bytes.
    """
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    with plt.rc_context({"svg.hashsalt": "ferd", "svg.fonttype": "none", "font.size": 9}):
        figure, axes = plt.subplots(1, len(points), figsize=(8, 3.2), layout="constrained")
        for axis, (kind, rows) in zip(axes, points.items(), strict=True):
            for name, (milliseconds, accuracy, low, high) in rows.items():
                error = [[accuracy - low], [high - accuracy]]
                colour = "tab:blue" if name != "fer" else "tab:gray"
                axis.errorbar(milliseconds, accuracy, error, fmt="o", capsize=3, color=colour)
                axis.annotate(name, (milliseconds, accuracy), (6, 5), textcoords="offset points")
            right = 1.3 * max(milliseconds for milliseconds, *_ in rows.values())  # room for names
            axis.set(xlim=(0, right), title=KINDS[kind])
            axis.set_xlabel("ms per face, 64 at a time, one thread")
        axes[0].set_ylabel("accuracy on PrivateTest, %")
        figure.savefig(path, metadata={"Date": None})
        plt.close(figure)


if __name__ == "__main__":
    main()
