"""Selects the features of faces that the network was not trained on.

The paper fits its ensembles on features of the CNN's own training faces, which the CNN has partly
memorized. The validation faces are the only labelled train faces that it was not trained on
(`unseen`). As a control, as many training faces of each class are selected (`seen`).

Reads   data/features/cosine.npz, data/crops.npz, sections train, cosine and sampling of params.yaml
Writes  data/features/unseen.npz and seen.npz (as cosine.npz, with fewer training faces),
        metrics/details/extract_unseen.json
Run     dvc repro extract_unseen  (or, from the top folder: python -m stages.extract_unseen)
Takes   seconds
Expect  2,160 training faces in each file
"""

from ferd.study import stage
from ferd.study.settings import load, load_training


def main():
    """Writes both archives."""
    import numpy as np

    from ferd.dataset.parts.faces import load_faces
    from ferd.dataset.parts.split import validation_rows
    from ferd.ensembles.features import write_features
    from ferd.study.base.results import write_json

    with np.load("data/features/cosine.npz") as file:
        arrays = {name: file[name] for name in file.files}
    faces = load_faces("train")
    held_out = faces.names[validation_rows(faces, load_training("cosine")[0])]
    unseen = np.isin(arrays["train_names"], held_out)
    seen = draw_like(arrays["train_classes"], unseen, load("sampling")["seed"])
    for name, rows in (("unseen", unseen), ("seen", seen)):
        cut = {key: value[rows] for key, value in arrays.items() if key.startswith("train_")}
        write_features(f"data/features/{name}.npz", arrays | cut)
    counts = {"unseen": int(unseen.sum()), "seen": int(seen.sum())}
    write_json("metrics/details/extract_unseen.json", counts)


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
    stage.run(main, __doc__)
