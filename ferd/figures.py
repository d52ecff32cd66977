"""Curves and confusion matrices as PNG, drawn from the tables in plots/ alone."""

from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd

from ferd.classes import CLASSES

matplotlib.use("Agg")
from matplotlib import pyplot as plt  # the backend must be set first


def draw_history(table, title, path, dpi):
    """Draws accuracy and loss by epoch, training and validation.

    Args:
        table: A `history.csv`: epoch, accuracy, val_accuracy, loss, val_loss.
        title: Above both panels.
        path: PNG to write.
        dpi: Dots per inch of a figure 9 inches wide.
    """
    figure, panels = plt.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
    for panel, name in zip(panels, ("accuracy", "loss"), strict=True):
        panel.plot(table["epoch"], table[name], label="train (with dropout and augmentation)")
        panel.plot(table["epoch"], table[f"val_{name}"], label="validation")
        panel.set(xlabel="epoch", ylabel=name)
        panel.grid(alpha=0.3)
    panels[0].legend()
    figure.suptitle(title)
    _save(figure, path, dpi)


def draw_confusion(table, title, path, dpi):
    """Draws a confusion matrix: counts, coloured by each actual class's share.

    Args:
        table: A `predictions.csv`: actual, predicted.
        title: Above the matrix.
        path: PNG to write.
        dpi: Dots per inch of a figure 6 inches wide.
    """
    counts = pd.crosstab(table["actual"], table["predicted"])
    counts = counts.reindex(index=CLASSES, columns=CLASSES, fill_value=0).to_numpy()
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure, panel = plt.subplots(figsize=(6, 5.4), layout="constrained")
    image = panel.imshow(share, cmap="Blues", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(counts):
        colour = "white" if share[row, column] > 0.5 else "black"
        panel.text(column, row, str(count), ha="center", va="center", color=colour)
    ticks = {"xticks": range(len(CLASSES)), "yticks": range(len(CLASSES))}
    panel.set(xlabel="predicted", ylabel="actual", **ticks)
    panel.set_xticklabels(CLASSES, rotation=45)
    panel.set_yticklabels(CLASSES)
    accuracy = counts.trace() / counts.sum()
    panel.set_title(f"{title}\naccuracy {accuracy:.4f} on {counts.sum():,} faces")
    figure.colorbar(image, label="share of the actual class")
    _save(figure, path, dpi)


def draw_leaderboard(table, title, path, dpi):
    """Draws cross-validated and test accuracy of each single model.

    Args:
        table: `leaderboard.csv`: model, cross_validated_accuracy, test_accuracy.
        title: Above the bars.
        path: PNG to write.
        dpi: Dots per inch of a figure 7 inches wide.
    """
    table = table.iloc[::-1]
    rows = np.arange(len(table))
    figure, panel = plt.subplots(figsize=(7, 0.6 * len(table) + 1.5), layout="constrained")
    for offset, column in ((0.2, "cross_validated_accuracy"), (-0.2, "test_accuracy")):
        bars = panel.barh(rows + offset, table[column], 0.38, label=column.replace("_", " "))
        panel.bar_label(bars, fmt="%.4f", padding=2)
    panel.set_yticks(rows, table["model"])
    panel.set(xlim=(0, 1.12), xlabel="accuracy", title=title)
    panel.legend(loc="lower right")
    _save(figure, path, dpi)


def _save(figure, path, dpi):
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    # No metadata: matplotlib would write its version, and another one would look like a new result.
    figure.savefig(path, dpi=dpi, metadata={"Software": None})
    plt.close(figure)
