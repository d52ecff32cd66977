"""Scores networks on FER+'s own benchmark.

The benchmark has eight classes: those of FER2013, and contempt. Its labels are majorities of the
annotators' votes. The networks of FER2013's own split have no class for contempt; those of
benchmark_ferplus are trained for the benchmark.

Reads   plots/{benchmark_fer2013,compact,compact_ferplus}/2024/predictions.csv; of each seed of
        benchmark_ferplus in dvc.yaml metrics/details/benchmark_ferplus/<seed>.json and
        plots/benchmark_ferplus/<seed>/predictions/; data/ferplus.csv, data/audit.csv; section
        sampling and audit.ferplus of params.yaml
Writes  metrics/details/ferplus.json, by network: accuracy with its interval, balanced accuracy and
        macro F1 on the faces of PrivateTest that have a majority label, on those with and without
        a copy in Training too. `seven_classes`: of single runs, with scores by class.
        `eight_classes`: by views, means over the seeds, the accuracy on PublicTest, and the same of
        the networks' mean probabilities. Empty where audit.ferplus is false
Run     dvc repro ferplus       (or, from the top folder: python -m stages.ferplus)
Takes   seconds
Expect  the highest accuracy for the average of benchmark_ferplus' networks
"""

import json
from pathlib import Path

from ferd.study import stage
from ferd.study.pipeline import read_pipeline, written_by
from ferd.study.settings import load

NETWORKS = ("benchmark_fer2013", "compact", "compact_ferplus")
TRAINED = ("benchmark_ferplus",)


def main():
    from ferd.study.base.results import write_json

    write_json("metrics/details/ferplus.json", scores() if load("audit")["ferplus"] else {})


def scores():
    """Dict of `seven_classes` and `eight_classes` to the scores of each network."""
    from ferd.dataset.parts.copy_groups import copy_groups

    sampling, groups = load("sampling"), copy_groups()
    given = groups, sampling["bootstrap_draws"], sampling["seed"]
    trained = {network: seeds_of(network) for network in TRAINED}
    return {
        "seven_classes": single_scores(*given),
        "eight_classes": {
            network: trained_scores(network, seeds, *given)
            for network, seeds in trained.items()
            if seeds
        },
    }


def single_scores(groups, draws, seed):
    """Scores of the networks of FER2013's own split, by part of PrivateTest."""
    import pandas as pd

    from ferd.benchmark.ferplus_scores import benchmark_table, private_test_scores
    from ferd.dataset.ferplus.protocol import read_counted_votes

    votes, found = read_counted_votes("data/ferplus.csv"), {}
    for network in NETWORKS:
        table = benchmark_table(pd.read_csv(f"plots/{network}/2024/predictions.csv"), votes)
        found[network] = private_test_scores(table, groups, draws, seed)
    return found


def seeds_of(network):
    """The seeds of a network that dvc.yaml trains and scores."""
    paths = written_by(read_pipeline(), f"metrics/details/{network}")
    return [Path(path).stem for path in paths]


def trained_scores(network, seeds, groups, draws, seed):
    """Scores of a network of the benchmark over its seeds, and of its seeds' average."""
    import pandas as pd

    from ferd.benchmark.seed_scores import network_scores

    details = [Path(f"metrics/details/{network}/{one}.json") for one in seeds]
    runs = [json.loads(path.read_text(encoding="utf-8")) for path in details]
    tables = {
        views: {
            part: [
                pd.read_csv(f"plots/{network}/{one}/predictions/{part}_{views}.csv")
                for one in seeds
            ]
            for part in ("validation", "test")
        }
        for views in runs[0]["test"]
    }
    return network_scores(runs, tables, groups, draws, seed)


if __name__ == "__main__":
    stage.run(main, __doc__)
