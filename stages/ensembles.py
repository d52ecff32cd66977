"""Fits votes and stacks as automl_voting and automl_stacking do, on other features or settings.

ablation_smote          without SMOTE
cosine_copies_automl  without copies of test images: `ensembles_only` on the features of the
                        paper's network, which was trained on the copies, `network_too` on those of
                        a network trained without them. Extra Trees alone is fitted too. This shows
                        whether the network or the ensembles memorize copies
automl_unseen           on faces that the network was not trained on (`unseen`), and on as many that
                        it was trained on (`seen`), as a control
improved_hybrid/<seed>  on the pooled features of the network improved, for faces that it was not
                        trained on

Reads   data/features/<...>.npz, data/tuned.json; data/test_copies.csv for cosine_copies_automl;
        sections automl, automl_voting, automl_stacking and ablation_smote or few_faces
Writes  data/<run>/: predictions_<model>.csv (a row per test face), fallback_<model>.csv (a row per
        test image without a detected face), fit.json (cross-validated scores), cost.json
Run     dvc repro score_ensembles@ablation_smote
        (or, from the top folder: python -m stages.ensembles ablation_smote)
Takes   2 minutes (improved_hybrid) to 25 (cosine_copies_automl) on 2 cores
Expect  without SMOTE the same accuracy within a point and other recalls for the rare classes;
        without copies no gain over the CNN; on unseen faces a cross-validated score that
        agrees with the test score, on seen ones a score far above it
"""

from typing import NamedTuple

from ferd.study import stage
from ferd.study.cost import measure_cost
from ferd.study.settings import load_ensemble

SINGLE = "et"  # of the single models the one that gains most from copies


class Set(NamedTuple):
    """Features that the models of a run are fitted on.

    Attributes:
        features: Name of an archive in data/features/.
        prefix: Of the models' names in the run's files.
        single: Whether Extra Trees is fitted too.
        drop_copies: Whether copies of test images are taken out of the training rows.
    """

    features: str
    prefix: str = ""
    single: bool = False
    drop_copies: bool = False


SETS = {
    "cosine_copies_automl": (
        Set("cosine", "ensembles_only_", single=True, drop_copies=True),
        Set("cosine_copies", "network_too_", single=True),
    ),
    "automl_unseen": (Set("unseen", "unseen_"), Set("seen", "seen_")),
}


def main(run):
    name, _, seed = run.partition("/")
    if name == "ablation_smote":
        sets, changes = (Set("cosine"),), ("ablation_smote",)
    elif name == "improved_hybrid":
        sets, changes = (Set(f"improved_{seed}"),), ("few_faces",)
    else:
        sets, changes = SETS[name], ("few_faces",) if name == "automl_unseen" else ()
    voting = load_ensemble("automl_voting", *changes)
    stacking = load_ensemble("automl_stacking", *changes)
    if name != "ablation_smote":
        voting["methods"] = ["soft"]
    with measure_cost(f"data/{run}/cost.json") as cost:
        from ferd.study.base.results import write_json

        facts, cost["fit_seconds"] = {}, {}
        for one in sets:
            seconds = cost["fit_seconds"]
            if one.prefix:
                seconds = seconds.setdefault(one.prefix.removesuffix("_"), {})
            facts |= fit_set(one, voting, stacking, f"data/{run}", seconds)
        write_json(f"data/{run}/fit.json", facts)


def fit_set(one, voting, stacking, folder, seconds):
    """Fits the models of one set of features; dict of model to what is known of its fit."""
    from ferd.ensembles.ensembles import run_single, run_stack, run_votes
    from ferd.ensembles.features import read_features, without_copies

    path = f"data/features/{one.features}.npz"
    faces = read_features(path)
    if one.drop_copies:
        faces = without_copies(faces, path)
    facts = {}
    if one.single:
        facts |= run_single(faces, SINGLE, voting, folder, seconds, one.prefix + SINGLE)
    facts |= run_votes(faces, voting, folder, seconds, one.prefix + "{}")
    return facts | run_stack(faces, stacking, folder, seconds, one.prefix + "stack")


if __name__ == "__main__":
    stage.run(main, __doc__, {"run": {"help": "one of the above"}})
