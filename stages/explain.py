"""Computes Grad-CAM maps of the CNN and tests whether the maps depend on its trained weights.

Reads   data/crops.npz, data/cosine/model.keras
Writes  data/explain/<class>.png (mean face and mean Grad-CAM; not in git: made of dataset images),
        metrics/details/explain.json: `attention` (share of the upper, middle and lower third, by
        class) and `randomized` (rank correlation with the maps of networks with random weights);
        plots/explain/randomized.csv
Run     dvc repro explain         (or, from the top folder: python -m stages.explain)
Takes   about 2 minutes on 2 cores
Expect  attention low in the face (the mouth) for happy, higher for other classes; a correlation
        that falls with each randomized layer: maps that do not change show the image, not the
        network
"""

from ferd.study import stage
from ferd.study.cost import measure_cost
from ferd.study.settings import load, load_training


def main():
    settings = load("explain") | {"seed": load("sampling")["seed"]}
    with measure_cost("metrics/cost/explain.json"):
        explain(load_training("cosine")[0], **settings, **load("predict"))


def explain(training, seed, faces, batch_size):
    """Writes all outputs of the stage."""
    import pandas as pd

    from ferd.dataset.parts.faces import load_faces
    from ferd.study.base.results import write_json, write_table
    from ferd.training.core.trained import load_trained, probabilities

    test, model = load_faces("test"), load_trained("cosine")
    answers = probabilities(model, test.images, batch_size).argmax(axis=1)
    metrics = {"attention": look(model, test.take(answers == test.classes), batch_size)}
    rows = take_weights_away(model, drawn(test, faces, seed), training, seed, batch_size)
    metrics["randomized"] = {row["layer"]: row["rank_correlation"] for row in rows}
    write_table("plots/explain/randomized.csv", pd.DataFrame(rows))
    write_json("metrics/details/explain.json", metrics)


def look(model, right, batch_size):
    """Draws each class's mean map over the rightly predicted faces; dict of class to its shares."""
    from ferd.classes import CLASSES
    from ferd.scoring.grad_cam import attention_maps
    from ferd.scoring.map_figure import draw_map
    from ferd.scoring.map_scores import band_shares, normalized

    shares = {}
    for number, name in enumerate(CLASSES):
        faces = right.take(right.classes == number)
        if len(faces) == 0:
            continue
        maps = attention_maps(model, faces.images, faces.classes, batch_size)
        shares[name] = {"faces": len(faces), **band_shares(maps)}
        mean_face = faces.images.mean(axis=0)
        draw_map(mean_face, normalized(maps).mean(axis=0), f"data/explain/{name}.png")
    return shares


def drawn(faces, count, seed):
    """A seeded draw of faces, in their order."""
    import numpy as np

    rows = np.random.default_rng(seed).permutation(len(faces))[:count]
    return faces.take(np.sort(rows))


def take_weights_away(model, faces, training, seed, batch_size):
    """One row per randomized layer: mean rank correlation with the trained maps."""
    import numpy as np

    from ferd.networks.paper.paper_cnn import build_network
    from ferd.scoring.grad_cam import attention_maps, randomized
    from ferd.scoring.map_scores import rank_correlations

    trained = attention_maps(model, faces.images, faces.classes, batch_size)
    fresh = build_network(size=faces.images.shape[1], l2=training["l2"], seed=seed)
    rows = []
    for name, changed in randomized(model, fresh):
        maps = attention_maps(changed, faces.images, faces.classes, batch_size)
        correlations = rank_correlations(trained, maps)
        rows.append(
            {
                "layer": name,
                "rank_correlation": float(np.nanmean(correlations)),
                "constant_maps": int(np.isnan(correlations).sum()),
            }
        )
    return rows


if __name__ == "__main__":
    stage.run(main, __doc__)
