"""Recomputes every number of docs/results.md from the committed predictions, with code of its own.

Nothing of `ferd` or `stages` is imported, so that an error there cannot repeat itself here.

Reads   docs/results.md; plots/audit/images.csv (a row per image: detected, copies, annotator
        votes); every plots/*/predictions*.csv that a figure of the page depends on
Run     make verify               (or, from the top folder: python docs/verify.py [PAGE])
Takes   ten seconds on idle cores; most of it matches counts
Expect  how many numbers are right, and the sentences that cannot be recomputed from these files. A
        wrong number, a missing or an unknown table, row, section or sentence with a number: a line
        for each, and exit status 1
"""

import sys
from pathlib import Path

from verify_facts import Study
from verify_labels import annotators_section, clear_faces, limits_section, right_by_labels
from verify_page import verify
from verify_scores import accuracy_section, claims_section, class_section, ensembles_section


def expected_page(study):
    """Dict of section to its tables (head, and rows by name) and its sentences with numbers."""
    clear = clear_faces(study)
    right = right_by_labels(study, clear)
    return {
        "Results": ([], []),
        "The paper's claims": claims_section(study),
        "Accuracy on the paper's test set": accuracy_section(study),
        "The CNN, class by class": class_section(study),
        "Voting and stacking": ensembles_section(study),
        "Annotators and other test sets": annotators_section(study, clear, right),
        "What this study cannot say": limits_section(study, clear),
        "More": ([], []),
    }


def main(page="docs/results.md"):
    """Prints what is wrong, right and not checked; the exit status is 1 if a number is wrong."""
    report = verify(Path(page).read_text(encoding="utf-8"), expected_page(Study("plots")))
    for line in report.wrong:
        print(f"WRONG {line}")
    print(f"{page}: {report.right} numbers are right, {len(report.wrong)} findings are wrong")
    for line in report.unchecked:
        print(f"not checked: {line}")
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
