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


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    settings = params.load("figures", SPECS)
    import pandas as pd

    from ferd import figures
    from ferd.figure_list import FIGURES

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
