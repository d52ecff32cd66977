"""Draws training curves and confusion matrices as PNG from the tables in plots/."""

from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd

from ferd.classes import CLASSES
from ferd.report.model_names import shown

matplotlib.use("Agg")
from matplotlib import pyplot as plt  # the backend must be set first

# Parts of the test set that `draw_parts` shows: their name, and how far from the model's line.
PARTS = {
    "with_copy": ("with an exact or near copy in train", 0.2),
    "detected": ("all test faces", 0.0),
    "without_copy": ("without such a copy", -0.2),
}


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


def draw_reliability(table, title, path, dpi):
    """Draws accuracy by confidence, before and after the temperature, a panel per model.

    Args:
        table: `reliability.csv`: model, temperature (before, after), confidence, accuracy.
        title: Above the panels.
        path: PNG to write.
        dpi: Dots per inch of panels 3 inches wide.
    """
    models = list(dict.fromkeys(table["model"]))
    size = (3 * len(models), 3.4)
    figure, panels = plt.subplots(1, len(models), figsize=size, layout="constrained", squeeze=False)
    for panel, model in zip(panels[0], models, strict=True):
        panel.plot([0, 1], [0, 1], color="gray", linewidth=0.8)
        for when, rows in table[table["model"] == model].groupby("temperature", sort=False):
            panel.plot(rows["confidence"], rows["accuracy"], marker="o", markersize=3, label=when)
        panel.set(xlabel="confidence", ylabel="accuracy", xlim=(0, 1), ylim=(0, 1))
        panel.set_title(shown(model).replace(", ", ",\n"), fontsize=9)
        panel.grid(alpha=0.3)
    panels[0, 0].legend(title="temperature")
    figure.suptitle(title)
    _save(figure, path, dpi)


def draw_risk(table, title, path, dpi):
    """Draws the risk-coverage curve: error among the most confident faces, one line per model.

    Args:
        table: `risk_coverage.csv`: model, coverage, risk.
        title: Above the panel.
        path: PNG to write.
        dpi: Dots per inch of a figure 6 inches wide.
    """
    figure, panel = plt.subplots(figsize=(6, 4), layout="constrained")
    for model, rows in table.groupby("model", sort=False):
        panel.plot(rows["coverage"], rows["risk"], label=shown(model))
    panel.set(xlabel="share of faces with a prediction", ylabel="error among them", title=title)
    panel.set(xlim=(0, 1), ylim=(0, None))
    panel.grid(alpha=0.3)
    panel.legend(fontsize=8)
    _save(figure, path, dpi)


def draw_parts(table, title, path, dpi):
    """Draws each model's accuracy, with its interval, on faces with and without a copy in train.

    Args:
        table: `parts.csv`: model, part, accuracy, low, high.
        title: Above the panel.
        path: PNG to write.
        dpi: Dots per inch of a figure 8 inches wide.
    """
    models = list(dict.fromkeys(table["model"]))[::-1]
    figure, panel = plt.subplots(figsize=(8, 0.34 * len(models) + 1.5), layout="constrained")
    for part, (label, offset) in PARTS.items():
        rows = table[table["part"] == part]
        height = [models.index(model) + offset for model in rows["model"]]
        spread = [rows["accuracy"] - rows["low"], rows["high"] - rows["accuracy"]]
        panel.errorbar(rows["accuracy"], height, xerr=spread, fmt="o", markersize=3, label=label)
    panel.set_yticks(range(len(models)), map(shown, models), fontsize=8)
    panel.set(xlabel="accuracy", title=title)
    panel.grid(alpha=0.3)
    figure.legend(loc="outside lower center", ncols=len(PARTS))
    _save(figure, path, dpi)


def draw_agreement(table, title, path, dpi):
    """Draws how often similar images have the same label, by their correlation.

    Args:
        table: `agreement.csv`: correlation, same_label, chance.
        title: Above the panel.
        path: PNG to write.
        dpi: Dots per inch of a figure 6 inches wide.
    """
    figure, panel = plt.subplots(figsize=(6, 4), layout="constrained")
    panel.plot(table["correlation"], table["same_label"], marker="o", label="pairs of images")
    panel.plot(table["correlation"], table["chance"], color="gray", label="chance")
    panel.set(xlabel="correlation of the gray levels", ylabel="share with the same label")
    panel.set(title=title, ylim=(0, 1))
    panel.grid(alpha=0.3)
    panel.legend()
    _save(figure, path, dpi)


def _save(figure, path, dpi):
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    # No metadata, because matplotlib would write its version into the file.
    figure.savefig(path, dpi=dpi, metadata={"Software": None})
    plt.close(figure)


# By the kind of a table (`ferd.report.figure_list.KINDS`).
DRAWERS = {
    "history": draw_history,
    "predictions": draw_confusion,
    "leaderboard": draw_leaderboard,
    "agreement": draw_agreement,
    "parts": draw_parts,
    "reliability": draw_reliability,
    "risk": draw_risk,
}
