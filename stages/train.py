"""Trains the paper's network (Table I, 4,049,671 weights), or a variant of it.

Reads   data/crops.npz; data/test_copies.csv for ablation_copies; sections train and <variant> of
        params.yaml
Writes  data/<run>/model.keras; data/<run>/results/: predictions.csv (a row per test face with its
        probabilities), training.json (size, best epoch, validation scores), cost.json;
        plots/<run>/history.csv. <run> is the variant; with --seed replicate/<variant>_<seed>
Run     dvc repro score@train     trains it and scores its predictions
        dvc repro variant         ablation_uncropped, ablation_precision and ablation_copies
        dvc repro replicate       variants from other seeds
        (or, from the top folder: python -m stages.train [VARIANT] [--seed SEED])
Takes   about 45 minutes on 2 cores with bfloat16; a stopped training resumes after its
        last finished epoch. Whole images take a third longer, CBAM a quarter longer, float32 twice
        as long
Expect  a test accuracy near the paper's 0.6672; the committed one is in metrics/train.json
"""

from ferd.study import stage
from ferd.study.cost import measure_cost
from ferd.study.settings import load

VARIANTS = (
    *("train", "ablation_uncropped", "ablation_cbam", "ablation_augment"),
    *("ablation_precision", "ablation_copies"),
)


def main(variant="train", seed=None):
    settings = load("train")
    changes = {} if variant == "train" else load(variant)
    run = variant
    if seed is not None:
        settings["seed"], run = seed, f"replicate/{variant}_{seed}"
    with measure_cost(f"data/{run}/results/cost.json") as cost:
        from ferd.training.paper.variants import train_variant

        train_variant(variant, run, settings, changes, cost)


if __name__ == "__main__":
    stage.run(
        main,
        __doc__,
        {
            "variant": {"nargs": "?", "default": "train", "choices": VARIANTS},
            "--seed": {"type": int, "help": "another seed than train.seed"},
        },
    )
