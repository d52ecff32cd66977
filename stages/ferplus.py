"""Scores the networks of FER2013's own split on FER+'s own benchmark.

The benchmark has eight classes: those of FER2013, and contempt, which these networks do not have.
Its labels are majorities of the annotators' votes.

Reads   plots/{benchmark_fer2013,compact,compact_ferplus}/2024/predictions.csv, data/ferplus.csv,
        data/audit.csv; section sampling and audit.ferplus of params.yaml
Writes  metrics/details/ferplus.json: by network, accuracy with its interval, balanced accuracy,
        macro F1 and scores by class, on the faces of PrivateTest that have a majority label; on
        those with and without a copy in Training too. Empty where audit.ferplus is false
Run     dvc repro ferplus       (or, from the top folder: python -m stages.ferplus)
Takes   seconds
Expect  the highest accuracy for the network trained on annotator votes
"""

from ferd.study import stage
from ferd.study.settings import load

NETWORKS = ("benchmark_fer2013", "compact", "compact_ferplus")


def main():
    from ferd.study.base.results import write_json

    found = scores() if load("audit")["ferplus"] else {}
    write_json("metrics/details/ferplus.json", found)


def scores():
    """Dict of network to its scores on each part of PrivateTest."""
    import pandas as pd

    from ferd.benchmark.ferplus_scores import benchmark_table, private_test_scores
    from ferd.dataset.ferplus.protocol import read_counted_votes
    from ferd.dataset.parts.copy_groups import copy_groups

    sampling, groups = load("sampling"), copy_groups()
    votes, found = read_counted_votes("data/ferplus.csv"), {}
    for network in NETWORKS:
        table = benchmark_table(pd.read_csv(f"plots/{network}/2024/predictions.csv"), votes)
        bootstrap = sampling["bootstrap_draws"], sampling["seed"]
        found[network] = private_test_scores(table, groups, *bootstrap)
    return found


if __name__ == "__main__":
    stage.run(main, __doc__)
