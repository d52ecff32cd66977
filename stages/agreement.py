"""Scores the networks by what FER+'s people saw, beside their scores by FER2013's labels.

Reads   plots/{train,ablation_uncropped,flip_averaging,automl_voting,automl_stacking,replicate,
        improved,benchmark_fer2013,compact}/, the predictions; data/audit.csv; sections agreement,
        headline and replicate of params.yaml
Writes  metrics/agreement.json: for the paper's test set, its faces without any copy in train, and
        PrivateTest: every network's accuracy by labels, by people, and by people with its answers
        reweighted to people's class shares; what it says where the two differ; exact McNemar
        tests, and Welch's over seeds. Nothing of it where audit.ferplus is false
Run     dvc repro agreement       (or, from the top folder: python stages/agreement.py)
Takes   half a minute
Expect  every network further up by people than by labels once its answers are reweighted
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd import params
from ferd.cost import measure_cost
from ferd.final_params import HEADLINE_SPECS
from ferd.replicate_params import REPLICATE_SPECS

SPECS = {"votes": params.Spec(int, 1, 10)}
# Networks that stage replicate trains from other seeds, and those that were made once.
REPLICATED = {"cnn": "train", "cnn, whole images": "ablation_uncropped"}
ONCE = {
    "cnn, flip averaging": "flip_averaging/predictions",
    "soft vote": "automl_voting/predictions_soft",
    "stack": "automl_stacking/predictions",
}
OFFICIAL = ("benchmark_fer2013", "compact")
PAIRS = (
    *(("improved", name) for name in (*REPLICATED, *ONCE)),
    *((name, "cnn") for name in ("cnn, whole images", *ONCE)),
)


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    settings = params.load("agreement", SPECS)
    headline = params.load("headline", HEADLINE_SPECS)
    replicate = params.load("replicate", REPLICATE_SPECS)
    with measure_cost("agreement"):
        compare_with_people(settings["votes"], headline, replicate)


def compare_with_people(votes, headline, replicate):
    """Writes the stage's output.

    Args:
        votes: As in `ferd.agreement.clear_faces`.
        headline, replicate: Those sections of params.yaml: seeds by network, and the bootstrap's.
    """
    import pandas as pd

    from ferd.agreement import clear_faces, people_weights
    from ferd.official_split import official_parts
    from ferd.results import write_metrics

    audit = pd.read_csv("data/audit.csv", dtype={"name": str})
    audit.index = audit["split"] + "/" + audit["class"] + "/" + audit["name"]
    if "ferplus" not in audit:
        print("audit.ferplus is false: there are no people's answers to set beside the labels")
        write_metrics("metrics/agreement.json", {})
        return
    people = clear_faces(audit, votes)
    bootstrap = audit["scene"], headline["draws"], headline["seed"]
    copied = (audit["twin"] != "none") | (audit["moved_twin"] == 1)
    # The network of the whole images answers for those without a detected face too.
    detected = people[audit.loc[people.index, "found"] == 1]
    alone = detected[~copied[detected.index]]
    paper = paper_tables(headline, replicate)
    official = {name: by_seed(name, headline[name]) for name in OFFICIAL}
    folder, part = audit["split"] == "train", official_parts(audit.index)["train"]
    weights = people_weights(audit.loc[folder, "class"], people)
    own_weights = people_weights(audit.loc[part, "class"], people)
    metrics = {
        "detected": compare_part(paper, detected, weights, PAIRS, bootstrap),
        "without_any_copy": compare_part(paper, alone, weights, PAIRS, bootstrap),
        "private_test": compare_part(official, people, own_weights, [OFFICIAL], bootstrap),
    }
    write_metrics("metrics/agreement.json", metrics)


def compare_part(tables, people, weights, pairs, bootstrap):
    """`ferd.agreement.set_beside` of the networks on some clear faces, and their weights.

    Args:
        tables: Dict of network to dict of seed to its predictions.
        people, weights: As in `ferd.agreement.clear_rows`.
        pairs, bootstrap: Further arguments of `set_beside`.
    """
    from ferd.agreement import clear_rows, set_beside

    clear = {
        name: {number: clear_rows(one, people, weights) for number, one in found.items()}
        for name, found in tables.items()
    }
    return {**set_beside(clear, pairs, *bootstrap), "weights": weights.to_dict()}


def paper_tables(headline, replicate):
    """Predictions on the paper's test set: dict of network to dict of seed to DataFrame."""
    tables = {}
    for name, stage in REPLICATED.items():
        tables[name] = {"first": read_table(f"{stage}/predictions")}
        if stage in replicate["variants"]:
            for seed in replicate["seeds"]:
                tables[name][seed] = read_table(f"replicate/{stage}_{seed}/predictions")
    tables |= {name: {"first": read_table(path)} for name, path in ONCE.items()}
    return tables | {"improved": by_seed("improved", headline["improved"])}


def by_seed(stage, seeds):
    """Dict of seed to a final network's predictions."""
    return {seed: read_table(f"{stage}/{seed}/predictions") for seed in seeds}


def read_table(path):
    """The table of predictions at plots/<path>.csv."""
    import pandas as pd

    return pd.read_csv(f"plots/{path}.csv")


if __name__ == "__main__":
    main()
