"""Draws every curve, confusion matrix and leaderboard in plots/ as PNG.

Reads   plots/<stage>/*.csv
Writes  plots/png/<stage>_<table>.png (numbers only: no dataset image)
Run     dvc repro figures         (or, from the top folder: python stages/figures.py)
Takes   under a minute
Expect  Figs. 3 to 6 of the paper, redone, and the same for every ablation
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd import params

SPECS = {"dpi": params.Spec(int, 30, 600)}
# (stage, table, title); the kind of figure follows from the table's name.
FIGURES = (
    ("train", "history", "CNN (Fig. 4)"),
    ("train", "predictions", "CNN (Fig. 3)"),
    ("automl_compare", "leaderboard", "Single models on the CNN's features"),
    ("automl_voting", "predictions_hard", "Hard vote"),
    ("automl_voting", "predictions_soft", "Soft vote (Fig. 5)"),
    ("automl_stacking", "predictions", "Stack (Fig. 6)"),
    ("ablation_uncropped", "history", "CNN on whole images"),
    ("ablation_uncropped", "predictions", "CNN on whole images, all test images"),
    ("ablation_cbam", "history", "CNN with CBAM"),
    ("ablation_cbam", "predictions", "CNN with CBAM"),
    ("ablation_augment", "history", "CNN with differential augmentation"),
    ("ablation_augment", "predictions", "CNN with differential augmentation"),
    ("ablation_smote", "predictions_voting_hard", "Hard vote without SMOTE"),
    ("ablation_smote", "predictions_voting_soft", "Soft vote without SMOTE"),
    ("ablation_smote", "predictions_stacking", "Stack without SMOTE"),
    ("audit", "agreement", "Similar images: where twins begin"),
    ("ablation_precision", "history", "CNN in float32"),
    ("ablation_precision", "predictions", "CNN in float32"),
    ("ablation_twins", "history", "CNN trained without copies of test images"),
    ("ablation_twins", "predictions", "CNN trained without copies of test images"),
    ("evaluate", "parts", "Test faces with and without a twin in train"),
    ("evaluate", "reliability", "Reliability on the detected test faces"),
    ("evaluate", "risk_coverage", "Leaving out the faces a network is least sure of"),
)


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    settings = params.load("figures", SPECS)
    import pandas as pd

    from ferd import figures

    drawers = {
        "history": figures.draw_history,
        "predictions": figures.draw_confusion,
        "leaderboard": figures.draw_leaderboard,
        "agreement": figures.draw_agreement,
        "parts": figures.draw_parts,
        "reliability": figures.draw_reliability,
        "risk": figures.draw_risk,
    }
    for stage, table, title in FIGURES:
        draw = drawers[table.split("_")[0]]
        rows = pd.read_csv(Path("plots", stage, f"{table}.csv"))
        draw(rows, title, Path("plots/png", f"{stage}_{table}.png"), settings["dpi"])
    print(f"{len(FIGURES)} figures in plots/png")


if __name__ == "__main__":
    main()
