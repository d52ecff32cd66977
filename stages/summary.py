"""Compares every number in the paper's tables with the reproduced one.

Reads   metrics/details/
Writes  plots/summary/results.csv: a row per number, with the paper's value, the reproduced value
        and the difference
Run     dvc repro summary         (or, from the top folder: python -m stages.summary)
Takes   seconds
Expect  the accuracies of the CNN, voting and stacking within some points of the paper's;
        `python -m ferd.report` writes the documents from the same numbers
"""

from ferd.study import stage


def main():
    from ferd.report.comparison import compare, long_table
    from ferd.study.base.results import write_table
    from ferd.study.details import read_details

    write_table("plots/summary/results.csv", long_table(compare(read_details())))


if __name__ == "__main__":
    stage.run(main, __doc__)
