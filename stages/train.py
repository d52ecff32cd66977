"""Trains the paper's network (Table I, 4,049,671 weights), or a variant of it.

Reads   data/crops.npz; data/split_groups.csv where validation_groups is near; data/test_copies.csv
        where exclude_test_copies is true; section train and the given sections of params.yaml
Writes  data/<run>/model.keras; data/<run>/results/: predictions.csv (a row per test face with its
        probabilities), training.json (size, best epoch, validation scores), cost.json;
        plots/<run>/history.csv; while it trains, where live.enabled is true: the curves of its
        epochs in live/<run>/, with a page, report.html
Run     dvc repro score@train     trains it and scores its predictions
        dvc repro variant         the variants: other settings, or an ablation
        dvc repro replicate       the same from other seeds and validation folds
        (or, from the top folder: python -m stages.train [RUN [SECTION ...]] [--seed N] [--fold N])
Takes   about 50 epochs, each about a minute on one core with bfloat16; a stopped training resumes
        after its last finished epoch. Whole images take a third longer, CBAM and float32 twice as
        long
Expect  the scores in the committed metrics/<run>.json; docs/results.md compares them with the paper
"""

from ferd.study import stage
from ferd.study.cost import measure_cost
from ferd.study.settings import load, load_training


def main(run="train", section=(), seed=None, fold=None, shown="test"):
    settings, changes = load_training(*section, seed=seed, fold=fold)
    with measure_cost(f"data/{run}/results/cost.json") as cost:
        from ferd.training.core.live import live_epochs
        from ferd.training.paper.variants import train_variant

        callbacks = live_epochs(run, load("live"))
        train_variant(run, settings, changes, cost, shown, callbacks)


if __name__ == "__main__":
    stage.run(
        main,
        __doc__,
        {
            "run": {"nargs": "?", "default": "train", "help": "name of the run"},
            "section": {"nargs": "*", "help": "sections whose settings come after train's"},
            "--seed": {"type": int, "help": "another seed than train.seed"},
            "--fold": {"type": int, "help": "another fold than train.validation_fold"},
        },
    )
