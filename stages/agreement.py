"""Scores the networks by FER2013's labels and by the majority labels of FER+'s annotators.

Reads   plots/{train,ablation_uncropped,flip_averaging,automl_voting,automl_stacking,replicate,
        improved,benchmark_fer2013,compact,compact_ferplus}/, the predictions; data/audit.csv;
        sections agreement, headline and replicate of params.yaml
Writes  metrics/agreement.json: for the paper's test set, its faces without any copy in train, and
        PrivateTest: each network's accuracy by FER2013's labels, by majority labels, and by these
        with prior-matched predictions; what it predicts where the labels differ; how often a single
        annotator chooses the majority label; exact McNemar tests, and Welch's over seeds. Empty
        where audit.ferplus is false
Run     dvc repro agreement       (or, from the top folder: python stages/agreement.py)
Takes   half a minute
Expect  higher accuracies by majority labels than by FER2013's once predictions are prior-matched;
        the highest for the network trained on annotator votes
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.study import params, supervisor
from ferd.study.cost import measure_cost
from ferd.study.final_params import HEADLINE_SPECS
from ferd.study.replicate_params import REPLICATE_SPECS

SPECS = {"votes": params.Spec(int, 1, 10)}
# Networks that stage replicate trains from other seeds, and those that were made once.
REPLICATED = {"cnn": "train", "cnn, whole images": "ablation_uncropped"}
ONCE = {
    "cnn, flip averaging": "flip_averaging/predictions",
    "soft vote": "automl_voting/predictions_soft",
    "stack": "automl_stacking/predictions",
}
OFFICIAL = ("benchmark_fer2013", "compact")
TAUGHT_BY_ANNOTATORS = "compact_ferplus"
PAIRS = (
    *(("improved", name) for name in (*REPLICATED, *ONCE)),
    *((name, "cnn") for name in ("cnn, whole images", *ONCE)),
)
OFFICIAL_PAIRS = (OFFICIAL, *((TAUGHT_BY_ANNOTATORS, name) for name in OFFICIAL))


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    settings = params.load("agreement", SPECS)
    headline = params.load("headline", HEADLINE_SPECS)
    replicate = params.load("replicate", REPLICATE_SPECS)
    with measure_cost("agreement"):
        compare_with_annotators(settings["votes"], headline, replicate)


def compare_with_annotators(votes, headline, replicate):
    """Writes the stage's output.

    Args:
        votes: As in `ferd.scoring.agreement.clear_faces`.
        headline, replicate: Those sections of params.yaml: seeds by network, and the bootstrap's.
    """
    import pandas as pd

    from ferd.scoring.agreement import clear_faces
    from ferd.study.results import write_metrics

    audit, metrics = pd.read_csv("data/audit.csv", dtype={"name": str}), {}
    audit.index = audit["split"] + "/" + audit["class"] + "/" + audit["name"]
    if "ferplus" in audit:
        annotators, bootstrap = clear_faces(audit, votes), (headline["draws"], headline["seed"])
        metrics = paper_parts(audit, annotators, paper_tables(headline, replicate), bootstrap)
        metrics["private_test"] = private_test(
            audit, annotators, official_tables(headline), bootstrap
        )
    else:
        print("audit.ferplus is false: there are no annotator votes to score by")
    write_metrics("metrics/agreement.json", metrics)


def paper_parts(audit, annotators, tables, bootstrap):
    """The paper's test set: detected faces, and those of them without any copy in train.

    Args:
        audit: data/audit.csv, indexed by image name.
        annotators: From `ferd.scoring.agreement.clear_faces`.
        tables: From `paper_tables`.
        bootstrap: Pair of draws and seed.
    """
    from ferd.scoring.agreement import annotators_shares
    from ferd.scoring.evaluation import parts_of

    shares, masks = (
        annotators_shares(audit.index[audit["split"] == "train"], annotators),
        parts_of(audit),
    )
    parts = {part: audit.index[masks[part]] for part in ("detected", "without_any_copy")}
    # The network of the whole images predicts for those without a detected face too. Matched on all
    # detected: train's shares are those of the test set, not of faces chosen from it.
    clear = clear_tables(tables, annotators[annotators.index.isin(parts["detected"])], shares)
    return {
        part: beside_annotators(only(clear, names), PAIRS, audit, bootstrap)
        for part, names in parts.items()
    }


def private_test(audit, annotators, tables, bootstrap):
    """PrivateTest, with the shares of Training; arguments as in `paper_parts`."""
    from ferd.dataset.parts.official_split import official_parts
    from ferd.scoring.agreement import annotators_shares

    shares = annotators_shares(audit.index[official_parts(audit.index)["train"]], annotators)
    clear = clear_tables(tables, annotators, shares)
    return beside_annotators(clear, OFFICIAL_PAIRS, audit, bootstrap)


def beside_annotators(clear, pairs, audit, bootstrap):
    """`ferd.scoring.agreement.set_beside`, with a single annotator beside the networks.

    Args:
        clear: From `clear_tables`.
        pairs: As in `set_beside`.
        audit, bootstrap: As in `paper_parts`.
    """
    from ferd.scoring.agreement import one_person, set_beside

    found = set_beside(clear, pairs, audit["copy_group"], *bootstrap)
    table = next(iter(next(iter(clear.values())).values()))
    found["clear"]["one_person"] = one_person(table, audit["ferplus_votes"])
    return found


def clear_tables(tables, annotators, shares):
    """`ferd.scoring.agreement.clear_rows` of every training.

    Args:
        tables: Dict of network to dict of seed to its predictions.
        annotators, shares: As in `clear_rows`.
    """
    from ferd.scoring.agreement import clear_rows

    return {
        network: {seed: clear_rows(table, annotators, shares) for seed, table in found.items()}
        for network, found in tables.items()
    }


def only(clear, names):
    """The rows of some images, from `clear_tables`."""
    return {
        network: {seed: table[table.index.isin(names)] for seed, table in found.items()}
        for network, found in clear.items()
    }


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


def official_tables(headline):
    """Predictions on PrivateTest, as `paper_tables`."""
    tables = {name: by_seed(name, headline[name]) for name in OFFICIAL}
    return tables | {
        TAUGHT_BY_ANNOTATORS: {"first": read_table(f"{TAUGHT_BY_ANNOTATORS}/predictions")}
    }


def by_seed(stage, seeds):
    """Dict of seed to a final network's predictions."""
    return {seed: read_table(f"{stage}/{seed}/predictions") for seed in seeds}


def read_table(path):
    """The table of predictions at plots/<path>.csv."""
    import pandas as pd

    return pd.read_csv(f"plots/{path}.csv")


if __name__ == "__main__":
    supervisor.run(main)
