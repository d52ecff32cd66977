"""Scores each claim of the paper, and single choices of the training, over seeds and faces.

Reads   plots/<run>/predictions.csv of the paper's network, of its variants, of what
        plots/replicate/ repeats of them, and of improved; predictions in plots/automl_voting/,
        plots/automl_stacking/, plots/ablation_smote/ and the same of cosine_; data/audit.csv;
        section seeds of params.yaml
Writes  metrics/details/claims.json: for the runs by the paper's own settings (`letter`) and for
        those by ours (`cosine`), on each part of the test set, the accuracies and the difference
        that each claim or choice is about, with an interval for new seeds and new faces and an
        exact test; and the differences between the networks: `letter_and_cosine` (the two CNNs),
        `improved_and_letter` and `improved_and_cosine`
Run     dvc repro claims          (or, from the top folder: python -m stages.claims)
Takes   seconds
Expect  several claims that this many faces and seeds cannot decide
"""

from ferd.study import stage
from ferd.study.pipeline import read_pipeline, written_by
from ferd.study.settings import load


def main():
    score_claims(load("seeds")["confidence"])


def score_claims(confidence):
    """Writes the stage's output."""
    from ferd.scoring.claims import compare_families, score_family
    from ferd.scoring.evaluation import read_audit
    from ferd.scoring.families import COMPARED, MAIN, NETWORKS, read_runs, tables_of
    from ferd.study.base.results import write_json

    audit, written = read_audit(), written_by(read_pipeline(), "plots")
    audit = audit[audit["found"] == 1]
    runs = {family: read_runs(tables_of(family, written), audit.index) for family in NETWORKS}
    found = {
        family: score_family(family, models, audit, confidence)
        for family, models in runs.items()
        if models
    }
    main = {family: models.get(MAIN[family]) for family, models in runs.items()}
    for first, second in COMPARED:
        if main[first] is not None and main[second] is not None:
            pair = main[first], main[second]
            found[f"{first}_and_{second}"] = compare_families(*pair, audit, confidence)
    write_json("metrics/details/claims.json", found)


if __name__ == "__main__":
    stage.run(main, __doc__)
