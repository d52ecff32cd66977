"""Compares our networks and PyPI's packages with FER+'s annotators, on PrivateTest's clear faces.

Two of our networks were trained on FER2013's Training alone and can be scored on all of
PrivateTest. `improved` was not, and is left out.

Reads   data/crops.npz, data/audit.csv (outputs of `make study`), agreement.votes of params.yaml;
        ferd/models/annotators.onnx and compact.onnx; the environments of benchmarks/peers.py, which
        are created if they are missing
Writes  section `peers_annotators` of benchmarks/results.json
Run     python benchmarks/peers_annotators.py     (make peers does, after benchmarks/peers.py)
Takes   some minutes; nothing is timed
Expect  `ferd_annotators` far above all others by majority label, and alone above a single annotator
"""

import argparse
import json

import common
import numpy as np
import yaml
from peer.annotators import read_clear_faces, score_by_annotators
from peer.candidates import OURS, VARIANTS
from peers import FOLDER, facts, work

PACKAGED = {
    "ferd_annotators": (
        "annotators",
        "FER2013's Training, with the votes of FER+'s ten annotators",
    ),
    "ferd_compact": ("compact", "FER2013's Training"),
}
# fer_mtcnn is fer's network with another detector, which ready crops do not need.
PEERS = [name for name in VARIANTS if name not in (OURS, "fer_mtcnn")]


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    params = yaml.safe_load((common.ROOT / "params.yaml").read_text(encoding="utf-8"))
    section = measure(params["agreement"]["votes"])
    common.save_of_data("peers_annotators", section)
    print(json.dumps(section["accuracy"], indent=2))


def measure(votes):
    """The section, of faces with at least so many equal votes of ten."""
    faces = read_clear_faces(common.ROOT / "data", votes)
    words = {name: packaged(model, faces.pixels) for name, (model, _) in PACKAGED.items()}
    words |= {name: ask(name, faces.pixels) for name in PEERS}
    ours = {
        name: {"version": "this repository", "trained_on": trained_on}
        for name, (_, trained_on) in PACKAGED.items()
    }
    return {
        "votes": votes,
        "faces": len(faces.table),
        "contradicted": int((faces.table["label"] != faces.table["annotators"]).sum()),
        "one_person": faces.person,
        "facts": ours | {name: facts(name) for name in PEERS},
        "accuracy": {name: score_by_annotators(said, faces) for name, said in words.items()},
    }


def packaged(model, pixels):
    """Classes that a packaged network predicts for ready crops."""
    from ferd.inference.classifier import Classifier

    return [emotion.label for emotion in Classifier.load(model).predict(pixels)]


def ask(name, pixels):
    """Classes that another package predicts for ready crops."""
    print(f"{name}: naming every face", flush=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    np.savez(FOLDER / "clear.npz", crops=pixels)
    return work("answers", name, FOLDER / "clear.npz")["crops"]


if __name__ == "__main__":
    main()
