"""Fits votes and stacks as automl_voting and automl_stacking do, on other features or settings.

ablation_smote        without SMOTE, on the features of the network train; on those of its other
                      seeds replicate/ablation_smote_<seed>
cosine_smote          without SMOTE, on those of the network cosine
cosine_copies_automl  without copies of test images. `ensembles_only`: only the ensembles are fitted
                      without them, on features of the network cosine. `network_too`: the network
                      was trained without them as well. Extra Trees alone is fitted too. This shows
                      whether the network or the ensembles memorize copies
cosine_unseen         on faces that the network cosine was not trained on (`unseen`), and on as many
                      that it was trained on (`seen`), as a control
improved_hybrid/<seed>  on the pooled features of the network improved, for faces that it was not
                      trained on (in dvc.yaml improved_hybrid_<seed>)

Both votes are fitted by ablation_smote and cosine_smote, the soft vote alone by the others.

Reads   data/features/<...>.npz; data/tuned.json and data/split_groups.csv for ablation_smote;
        data/test_copies.csv for cosine_copies_automl; sections automl, automl_voting,
        automl_stacking, and those of changes that the code lists
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


class Run(NamedTuple):
    """A run of votes and stacks.

    Attributes:
        sets: What its models are fitted on.
        changes: Sections whose settings come last.
        methods: The kinds of vote; None for those of automl_voting.
        seed: Of SMOTE and of the models; None for automl.seed.
    """

    sets: tuple
    changes: tuple
    methods: tuple | None = ("soft",)
    seed: int | None = None


RUNS = {
    "ablation_smote": Run((Set("train"),), ("ablation_smote",), None),
    "cosine_smote": Run((Set("cosine"),), ("cosine_automl", "ablation_smote"), None),
    "cosine_copies_automl": Run(
        (
            Set("cosine", "ensembles_only_", single=True, drop_copies=True),
            Set("cosine_copies", "network_too_", single=True),
        ),
        ("cosine_automl",),
    ),
    "cosine_unseen": Run(
        (Set("unseen", "unseen_"), Set("seen", "seen_")), ("cosine_automl", "few_faces")
    ),
}
HYBRID = "improved_hybrid/"
REPEATED = "replicate/ablation_smote_"


def find_run(name):
    """The run of a name; those that every seed has are not listed."""
    if name.startswith(HYBRID):
        features = f"improved_{name.removeprefix(HYBRID)}"
        return Run((Set(features),), ("cosine_automl", "few_faces"))
    if name.startswith(REPEATED):
        seed = int(name.removeprefix(REPEATED))
        return Run((Set(f"train_{seed}"),), ("ablation_smote",), seed=seed)
    return RUNS[name]


def main(run):
    sets, changes, methods, seed = find_run(run)
    voting = load_ensemble("automl_voting", *changes, seed=seed)
    voting["methods"] = methods or voting["methods"]
    stacking = load_ensemble("automl_stacking", *changes, seed=seed)
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
    faces = read_features(path, voting["fold_groups"])
    if one.drop_copies:
        faces = without_copies(faces, path)
    facts = {}
    if one.single:
        facts |= run_single(faces, SINGLE, voting, folder, seconds, one.prefix + SINGLE)
    facts |= run_votes(faces, voting, folder, seconds, one.prefix + "{}")
    return facts | run_stack(faces, stacking, folder, seconds, one.prefix + "stack")


if __name__ == "__main__":
    stage.run(main, __doc__, {"run": {"help": "one of the above"}})
