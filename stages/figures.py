"""Draws all curves, confusion matrices and leaderboards in plots/ as PNG.

Reads   plots/<stage>/*.csv
Writes  plots/png/<stage>_<table>.png (numbers only: no dataset image)
Run     dvc repro figures         (or, from the top folder: python stages/figures.py)
Takes   under a minute
Expect  the counterparts of the paper's Figs. 3 to 6, and the same for every ablation
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.study import params, supervisor

SPECS = {"dpi": params.Spec(int, 30, 600)}


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    settings = params.load("figures", SPECS)
    import pandas as pd

    from ferd.report import figures
    from ferd.report.figure_list import drawn_figures

    drawers = {
        "history": figures.draw_history,
        "predictions": figures.draw_confusion,
        "leaderboard": figures.draw_leaderboard,
        "agreement": figures.draw_agreement,
        "parts": figures.draw_parts,
        "reliability": figures.draw_reliability,
        "risk": figures.draw_risk,
    }
    shown = drawn_figures()
    for stage, table, title in shown:
        draw = drawers[table.split("_")[0]]
        rows = pd.read_csv(Path("plots", stage, f"{table}.csv"))
        draw(rows, title, Path("plots/png", f"{stage}_{table}.png"), settings["dpi"])
    print(f"{len(shown)} figures in plots/png")


if __name__ == "__main__":
    supervisor.run(main)
