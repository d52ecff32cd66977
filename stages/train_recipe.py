"""Trains a residual network by the recipe of a section of params.yaml.

The settings are those of section `recipe`, changed by the section that `base` names (if any) and by
the network's own section. The run `search` is for trying recipes: it predicts validation faces and
never the test set. With split: official, Training and PublicTest contain images of the paper's test
set.

Reads   data/crops.npz; data/ferplus.csv for targets: ferplus; data/audit.csv for
        compact_copies
Writes  data/<network>/<seed>/model.keras; data/<network>/<seed>/results/: predictions.csv (a row
        per test image), training.json (size, validation scores with each test-time augmentation)
        and cost.json; plots/<network>/<seed>/history.csv; while it trains, where live.enabled is
        true: the curves of its epochs in live/<network>/<seed>/, with a page, report.html
Run     dvc repro score_recipe@improved_2024    trains it and scores its predictions
        dvc exp run -S +search.weight_decay=0.01 score_recipe@search
        (or, from the top folder: python -m stages.train_recipe improved 2024)
Takes   one to three hours on 2 cores; a stopped training resumes after its last finished
        epoch
Expect  scores as in the committed metrics/<network>/<seed>.json
"""

from ferd.study import stage
from ferd.study.cost import measure_cost
from ferd.study.settings import load, load_recipe

# Predicts validation faces alone.
SEARCH = "search"


def main(network, seed):
    settings, live, run = load_recipe(network, seed), load("live"), f"{network}/{seed}"
    shown = "validation" if network == SEARCH else "test"
    with measure_cost(f"data/{run}/results/cost.json") as cost:
        from ferd.training.core.live import live_epochs
        from ferd.training.recipes.outputs import run_recipe

        run_recipe(run, settings, cost, shown, live_epochs(run, live))


if __name__ == "__main__":
    stage.run(main, __doc__, {"network": {"help": "section of params.yaml"}, "seed": {"type": int}})
