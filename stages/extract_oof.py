"""Selects the features of faces that the network was not trained on.

The paper fits its ensembles on features of the network's own training faces, which it has partly
memorized. The validation faces are the only other labelled ones. As a control, as many training
faces of each class are selected.

Reads   data/features.npz, data/crops.npz, sections train and extract_oof of params.yaml
Writes  data/extract_oof/unseen.npz and seen.npz (as data/features.npz, train cut down),
        metrics/extract_oof.json
Run     dvc repro extract_oof     (or, from the top folder: python stages/extract_oof.py)
Takes   seconds
Expect  2,160 faces in either
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.study import params, supervisor
from ferd.study.cost import measure_cost
from ferd.study.train_params import TRAIN_SPECS

SPECS = {"seed": params.Spec(int, 0, 2**31 - 1)}


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    seed = params.load("extract_oof", SPECS)["seed"]
    training = params.load("train", TRAIN_SPECS)
    with measure_cost("extract_oof"):
        set_apart(seed, training)


def set_apart(seed, training):
    """Writes both archives."""
    import numpy as np

    from ferd.dataset.parts.faces import load_faces
    from ferd.dataset.parts.split import validation_rows
    from ferd.study.results import write_metrics

    with np.load("data/features.npz") as file:
        arrays = {name: file[name] for name in file.files}
    faces = load_faces("train")
    unseen = np.isin(arrays["train_names"], faces.names[validation_rows(faces, training)])
    seen = draw_like(arrays["train_classes"], unseen, seed)
    folder = Path("data/extract_oof")
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (("unseen", unseen), ("seen", seen)):
        cut = {key: value[rows] for key, value in arrays.items() if key.startswith("train_")}
        np.savez(folder / f"{name}.npz", **arrays | cut)
    counts = {"unseen": int(unseen.sum()), "seen": int(seen.sum())}
    write_metrics("metrics/extract_oof.json", counts)


def draw_like(classes, chosen, seed):
    """Draws as many faces of each class from the rest.

    Args:
        classes: Integer class indices, shape `(faces,)`.
        chosen: bool, shape `(faces,)`.
        seed: Seeds the draw.

    Returns:
        bool, shape `(faces,)`: none of `chosen`, with the same count of every class.
    """
    import numpy as np

    generator, drawn = np.random.default_rng(seed), np.zeros(len(classes), bool)
    for label in np.unique(classes[chosen]):
        rest = np.flatnonzero((classes == label) & ~chosen)
        count = np.sum(chosen & (classes == label))
        drawn[generator.choice(rest, count, replace=False)] = True
    return drawn


if __name__ == "__main__":
    supervisor.run(main)
