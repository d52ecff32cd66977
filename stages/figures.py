"""Draws curves, confusion matrices and leaderboards in plots/ as PNG.

Reads   plots/<run>/ of the runs that dvc.yaml lists as deps; figures.dpi of params.yaml
Writes  plots/png/<run>_<table>.png (numbers only: no dataset image)
Run     dvc repro figures         (or, from the top folder: python -m stages.figures)
Takes   under a minute
Expect  the counterparts of the paper's Figs. 3 to 6, and the same for every ablation
"""

from ferd.study import stage
from ferd.study.settings import load


def main():
    dpi = load("figures")["dpi"]
    import pandas as pd

    from ferd.report.figure_list import drawn_figures, kind_of, title_of
    from ferd.report.figures import DRAWERS

    figures = drawn_figures()
    for name, table in figures.items():
        draw = DRAWERS[kind_of(table.stem)]
        draw(pd.read_csv(table), title_of(name), f"plots/png/{name}.png", dpi)
    print(f"{len(figures)} figures in plots/png")


if __name__ == "__main__":
    stage.run(main, __doc__)
