"""Makes two networks of the package, general and fast, and chooses its default network by a rule.

`general` is a compromise between FER2013's labels and annotator votes: `mixed`, one network trained
on both, or the mean prediction of `compact`, trained on the labels, and `annotators`, trained on
the votes. `fast` is one view of `compact` in int8. The rule is in ferd/packaged/choice.py: it reads
PublicTest only. Scores on PrivateTest are for the tables only.

Reads   ferd/models/{compact,annotators,ferd}.onnx and their JSON files,
        data/mixed/2024/model.keras, data/crops.npz, data/ferplus.csv, data/audit.csv; sections
        sampling and export and audit.ferplus of params.yaml
Writes  data/packaged/{general,fast}.onnx and their JSON files; metrics/details/packaged.json: how
        far the two kinds of labels are apart; of each network its temperature, the class shares
        that it predicts (`prior`), scores on PublicTest and PrivateTest by both kinds of labels, on
        the latter also with the class shares of PublicTest's labels as `--prior`; scores on the
        faces of PublicTest that `improved` (ferd.onnx) was not trained on either; the candidates
        for the default, what the rule chooses, and what it chooses on the faces without a copy.
        data/packaged/ and the details are empty where audit.ferplus is false
Run     dvc repro packaged       (or, from the top folder: python -m stages.packaged)
        afterwards python -m ferd.packaged.ship made copies the networks into the package
Takes   about 3 minutes on one core
Expect  general as the default; of fast nearly the scores of compact
"""

from ferd.study import stage
from ferd.study.settings import load

DETAILS = "metrics/details/packaged.json"


def main():
    from ferd.packaged.make import MADE
    from ferd.study.base.results import write_json

    MADE.mkdir(parents=True, exist_ok=True)
    write_json(DETAILS, made_and_scored() if load("audit")["ferplus"] else {})


def made_and_scored():
    """Makes the networks, writes their files, and returns the details."""
    from ferd.packaged import candidates, make, scored
    from ferd.packaged.compromises import make_compromises

    benchmark = read_benchmark()
    networks = {name: scored.read_network(name, benchmark) for name in make.TRAINED}
    compromises = {
        name: scored.predicted(content, None, benchmark)
        for name, content in make_compromises(benchmark.train.images.shape[1]).items()
    }
    choice = candidates.choose(networks | compromises, benchmark)
    origins = {"general": choice["general"], "fast": "fast"}
    networks["general"] = compromises[choice["general"]]
    fast = make.make_fast(calibration_images(benchmark.train))
    networks["fast"] = scored.predicted(fast, None, benchmark)
    details = {}
    for name, network in networks.items():
        calibration = scored.calibrate(name, network, benchmark)
        scores = scored.scores_of(network, benchmark)
        scores["private_test_adjusted"] = scored.adjusted_scores(network, calibration, benchmark)
        if name in origins:
            shared = networks["compact"].facts
            given = calibration["temperature"], calibration["prior"], scores
            write(name, network.content, make.facts(origins[name], network.content, *given, shared))
        file = {"sha256": make.sha256(network.content), "bytes": len(network.content)}
        details[name] = file | calibration | scores
    with_improved = networks | {"improved": scored.read_network(scored.IMPROVED, benchmark)}
    return {
        "labels": scored.labels_of(benchmark),
        "networks": details,
        "unseen": scored.unseen_scores(with_improved, benchmark),
        "choice": choice,
    }


def read_benchmark():
    """What the networks are scored on."""
    from ferd.dataset.ferplus.protocol import read_counted_votes
    from ferd.dataset.parts.copy_groups import copy_groups
    from ferd.packaged.scored import Benchmark, official_faces

    sampling = load("sampling")
    bootstrap = sampling["bootstrap_draws"], sampling["seed"]
    votes = read_counted_votes("data/ferplus.csv")
    return Benchmark(**official_faces(), votes=votes, groups=copy_groups(), bootstrap=bootstrap)


def calibration_images(train):
    """Random training faces, on which the ranges of int8 are measured."""
    import numpy as np

    order = np.random.default_rng(load("sampling")["seed"]).permutation(len(train))
    return train.images[order[: load("export")["calibration_faces"]]]


def write(name, content, facts):
    """Writes a network and its JSON file, and loads them as `ferd predict` does."""
    import json

    from ferd.inference.onnx_network import OnnxNetwork
    from ferd.packaged.make import MADE

    path = MADE / f"{name}.onnx"
    path.write_bytes(content)
    text = json.dumps(facts, indent=2) + "\n"
    path.with_suffix(".json").write_text(text, encoding="utf-8", newline="\n")
    OnnxNetwork(path, 1)


if __name__ == "__main__":
    stage.run(main, __doc__)
