"""Tests pairs of models on the same faces of the paper's test set.

Reads   predictions in plots/, of the networks, cosine_*/, cosine_smote/ and
        cosine_copies_automl/; data/audit.csv; section sampling of params.yaml
Writes  metrics/details/paired_tests.json: by part of the test set and pair the difference of the
        accuracies with its 95% interval, the exact McNemar test, and the exact test that treats
        copies of a picture together, both with Holm's correction within the part
Run     dvc repro paired_tests
        (or, from the top folder: python -m stages.paired_tests)
Takes   seconds
Expect  differences between models of less than a point may be chance
"""

from ferd.study import stage
from ferd.study.settings import load


def main():
    sampling = load("sampling")
    write_tests(sampling["bootstrap_draws"], sampling["seed"])


def write_tests(draws, seed):
    """Writes the stage's output."""
    from ferd.scoring.evaluation import read_audit
    from ferd.scoring.paired_tests import paired_tests, read_predictions
    from ferd.study.base.results import write_json

    audit = read_audit()
    audit = audit[audit["found"] == 1]
    found = paired_tests(audit, read_predictions(audit.index), draws, seed)
    write_json("metrics/details/paired_tests.json", found)


if __name__ == "__main__":
    stage.run(main, __doc__)
