"""Trains a residual network on FER2013's labels and FER+'s votes at once.

The settings are those of section `recipe`, changed by `compact` and by the network's own section.
A target is the weighted mean of a face's label and of the shares of its votes. PublicTest validates
and PrivateTest tests.

Reads   data/crops.npz; data/ferplus.csv
Writes  data/<network>/<seed>/model.keras; data/<network>/<seed>/results/: predictions.csv (a row
        per image of PrivateTest), training.json (size, validation scores with each test-time
        augmentation) and cost.json; plots/<network>/<seed>/history.csv
Run     dvc repro score_recipe@mixed    trains it and scores its predictions
        (or, from the top folder: python -m stages.train_mixed mixed 2024)
Takes   one and a half hours on one core; a stopped training resumes after its last finished epoch
Expect  scores as in the committed metrics/<network>/<seed>.json
"""

from ferd.study import stage
from ferd.study.cost import measure_cost
from ferd.study.settings import load, load_recipe


def main(network, seed):
    settings, live, run = load_recipe(network, seed), load("live"), f"{network}/{seed}"
    with measure_cost(f"data/{run}/results/cost.json") as cost:
        from ferd.training.core.live import live_epochs
        from ferd.training.mixed.outputs import run_mixed

        run_mixed(run, settings, cost, live_epochs(run, live))


if __name__ == "__main__":
    stage.run(main, __doc__, {"network": {"help": "section of params.yaml"}, "seed": {"type": int}})
