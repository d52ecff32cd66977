"""Scores the networks by FER2013's labels and by the majority labels of FER+'s annotators.

Reads   predictions in
        plots/{cosine,cosine_uncropped,flip_averaging,cosine_voting,cosine_stacking,replicate,
        improved,benchmark_fer2013,compact,compact_ferplus}/; data/audit.csv; sections agreement and
        sampling of params.yaml
Writes  metrics/details/agreement.json, with three parts: the paper's test set, its faces without
        any copy in train, and PrivateTest. Each has the networks' accuracies by FER2013's labels,
        by majority labels, and by majority labels with prior-matched predictions, matched in their
        mean probabilities or in their counts; what a network predicts where the labels differ; how
        often a single annotator chooses the majority label; exact tests of the predictions, and
        Welch's test over seeds. Empty where audit.ferplus is false
Run     dvc repro agreement       (or, from the top folder: python -m stages.agreement)
Takes   half a minute
Expect  higher accuracies by majority labels than by FER2013's once predictions are prior-matched;
        the highest accuracy by majority labels for the network trained on annotator votes
"""

from pathlib import Path

from ferd.study import stage
from ferd.study.pipeline import read_pipeline, written_by
from ferd.study.settings import load

# Networks that the stage replicate trains from other seeds, and those that were made once.
REPLICATED = {"cnn": "cosine", "cnn, whole images": "cosine_uncropped"}
ONCE = {
    "cnn, flip averaging": "flip_averaging/predictions",
    "soft vote": "cosine_voting/predictions_soft",
    "stack": "cosine_stacking/predictions_stack",
}
OFFICIAL = ("benchmark_fer2013", "compact")
TAUGHT_BY_ANNOTATORS = "compact_ferplus"
PAIRS = (
    *(("improved", name) for name in (*REPLICATED, *ONCE)),
    *((name, "cnn") for name in ("cnn, whole images", *ONCE)),
)
OFFICIAL_PAIRS = (OFFICIAL, *((TAUGHT_BY_ANNOTATORS, name) for name in OFFICIAL))


def main():
    import pandas as pd

    from ferd.scoring.agreement import clear_faces
    from ferd.study.base.results import write_json

    sampling, votes = load("sampling"), load("agreement")["votes"]
    audit, details = pd.read_csv("data/audit.csv", dtype={"name": str}), {}
    audit.index = audit["split"] + "/" + audit["class"] + "/" + audit["name"]
    if "ferplus" in audit:
        annotators = clear_faces(audit, votes)
        bootstrap = sampling["bootstrap_draws"], sampling["seed"]
        details = paper_parts(audit, annotators, paper_tables(), bootstrap)
        details["private_test"] = private_test(audit, annotators, official_tables(), bootstrap)
    else:
        print("audit.ferplus is false: there are no annotator votes to score by")
    write_json("metrics/details/agreement.json", details)


def paper_parts(audit, annotators, tables, bootstrap):
    """The paper's test set: detected faces, and those of them without any copy in train.

    Args:
        audit: data/audit.csv, indexed by image name.
        annotators: From `ferd.scoring.agreement.clear_faces`.
        tables: From `paper_tables`.
        bootstrap: Pair of draws and seed.
    """
    from ferd.scoring.evaluation import parts_of
    from ferd.scoring.prior_matching import annotators_shares

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
    from ferd.scoring.prior_matching import annotators_shares

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


def paper_tables():
    """Predictions on the paper's test set: dict of network to dict of seed to DataFrame."""
    tables = {}
    for name, run in REPLICATED.items():
        tables[name] = {"first": read_table(f"plots/{run}/predictions.csv")}
        tables[name] |= by_seed("replicate", f"{run}_")
    tables |= {name: {"first": read_table(f"plots/{path}.csv")} for name, path in ONCE.items()}
    return tables | {"improved": by_seed("improved")}


def official_tables():
    """Predictions on PrivateTest, as `paper_tables`."""
    tables = {name: by_seed(name) for name in OFFICIAL}
    taught = by_seed(TAUGHT_BY_ANNOTATORS).values()
    return tables | {TAUGHT_BY_ANNOTATORS: {"first": next(iter(taught))}}


def by_seed(network, prefix=""):
    """Dict of seed to predictions, of the seeds that dvc.yaml trains.

    Args:
        network: Folder of plots/ that holds a folder for each run.
        prefix: What stands before the seed in its name.
    """
    found = {}
    for path in written_by(read_pipeline(), f"plots/{network}"):
        seed = Path(path).parent.name.removeprefix(prefix)
        # `cosine_` is also how `cosine_cbam_2025` starts.
        if path.endswith("/predictions.csv") and seed.isdigit():
            found[int(seed)] = read_table(path)
    return found


def read_table(path):
    """A table of predictions."""
    import pandas as pd

    return pd.read_csv(path)


if __name__ == "__main__":
    stage.run(main, __doc__)
