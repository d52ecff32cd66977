"""Trains a residual network for FER+'s own benchmark: eight classes, labels by annotators.

The settings are those of section `recipe`, changed by `compact` and by the network's own section.
Training learns the shares of the votes. PublicTest validates and PrivateTest tests, both on the
faces with a majority label. Where audit.ferplus is false there are no votes: nothing is trained,
and the files are empty.

Reads   data/crops.npz; data/ferplus.csv; data/audit.csv for a section with exclude_test_copies
Writes  data/<network>/<seed>/model.keras; data/<network>/<seed>/results/: a table of predictions
        for validation and test with each test-time augmentation, training.json (size, faces,
        validation scores) and cost.json; plots/<network>/<seed>/history.csv
Run     dvc repro score_ferplus@benchmark_ferplus_2024
        (or, from the top folder: python -m stages.benchmark_ferplus benchmark_ferplus 2024)
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
        from ferd.training.ferplus.outputs import run_ferplus, write_nothing

        if load("audit")["ferplus"]:
            run_ferplus(run, settings, cost, live_epochs(run, live))
        else:
            print("audit.ferplus is false: there are no votes, and nothing is trained")
            write_nothing(run)


if __name__ == "__main__":
    stage.run(main, __doc__, {"network": {"help": "section of params.yaml"}, "seed": {"type": int}})
