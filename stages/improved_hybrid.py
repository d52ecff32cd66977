"""Fits the paper's ensembles on the improved network's features.

They are fitted on faces that the network was not trained on (its validation faces), because its
features of its own training faces are partly memorized.

Reads   data/crops.npz, data/audit.csv, data/test_copies.csv, data/improved/<seed>/model.keras,
        data/tuned.json, sections improved, automl_voting and automl_stacking of params.yaml
Writes  data/improved_hybrid/<seed>/features.npz, metrics/improved_hybrid/<seed>.json,
        plots/improved_hybrid/<seed>/predictions_soft.csv and predictions_stack.csv (a row per test
        face), fallback_soft.csv and fallback_stack.csv (a row per test image without one)
Run     dvc repro improved_hybrid       every seed of headline.improved
        (or, from the top folder: python stages/improved_hybrid.py 2024)
Takes   about 2 minutes on 2 cores
Expect  no gain over the network itself
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.ensembles.ensembles import STACKING_SPECS, VOTING_SPECS, run_stack, run_votes
from ferd.study import params, supervisor
from ferd.study.final_params import FINAL_SPECS

SPECS = {"folds": params.Spec(int, 1, 20)}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("seed", type=int)
    seed = parser.parse_args().seed
    changed = params.load("improved_hybrid", SPECS)
    recipe = params.load("improved", FINAL_SPECS) | {"seed": seed}
    voting = {**params.load("automl_voting", VOTING_SPECS), "methods": ["soft"], **changed}
    stacking = {**params.load("automl_stacking", STACKING_SPECS), **changed}

    from ferd.ensembles.features import read_features
    from ferd.study.cost import measure_cost
    from ferd.study.results import write_metrics

    with measure_cost(f"improved_hybrid/{seed}") as cost:
        seconds = cost["fit_seconds"] = {}
        faces = read_features(extract(seed, recipe))
        path = f"plots/improved_hybrid/{seed}/predictions_{{}}.csv"
        metrics = run_votes(faces, voting, path, seconds)
        metrics["stack"] = run_stack(faces, stacking, path.format("stack"), seconds)
        write_metrics(f"metrics/improved_hybrid/{seed}.json", metrics)


def extract(seed, recipe):
    """Writes the features of the network of a seed and returns the file's path."""
    import keras
    import numpy as np

    from ferd.ensembles.recipe_features import hybrid_arrays
    from ferd.training.recipes.data import recipe_faces

    keras.utils.set_random_seed(seed)
    model = keras.models.load_model(f"data/improved/{seed}/model.keras")
    path = Path(f"data/improved_hybrid/{seed}/features.npz")
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **hybrid_arrays(model, recipe_faces(recipe), recipe["crop_size"]))
    return path


if __name__ == "__main__":
    supervisor.run(main)
