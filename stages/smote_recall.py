"""Tests, class by class, whether SMOTE changes the recall of voting and stacking.

Reads   predictions in plots/cosine_voting/, plots/cosine_stacking/ and plots/cosine_smote/;
        data/audit.csv (the bootstrap draws copies of a picture together)
Writes  metrics/details/smote_recall.json: by ensemble and class the recall with and without SMOTE,
        the difference with its 95% interval, and tests on the faces of the class: exact McNemar,
        and the exact test that treats copies of a picture together
Run     dvc repro smote_recall
        (or, from the top folder: python -m stages.smote_recall)
Takes   seconds
Expect  a higher recall of the rarest class, a lower one of the most frequent
"""

from ferd.study import stage
from ferd.study.settings import load

# Predictions with SMOTE and without it.
ENSEMBLES = {
    "hard vote": ("cosine_voting/predictions_hard", "cosine_smote/predictions_hard"),
    "soft vote": ("cosine_voting/predictions_soft", "cosine_smote/predictions_soft"),
    "stack": ("cosine_stacking/predictions_stack", "cosine_smote/predictions_stack"),
}


def main():
    settings = load("sampling")
    compare_ensembles(settings["bootstrap_draws"], settings["seed"])


def compare_ensembles(draws, seed):
    """Writes the stage's output."""
    import pandas as pd

    from ferd.scoring.class_recall import compare_recalls
    from ferd.scoring.evaluation import read_audit
    from ferd.study.base.results import write_json

    groups = read_audit()["copy_group"]
    tables = {
        name: [pd.read_csv(f"plots/{path}.csv") for path in paths]
        for name, paths in ENSEMBLES.items()
    }
    found = {name: compare_recalls(*pair, groups, draws, seed) for name, pair in tables.items()}
    write_json("metrics/details/smote_recall.json", found)


if __name__ == "__main__":
    stage.run(main, __doc__)
