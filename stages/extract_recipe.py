"""Computes a residual network's pooled features of faces that it was not trained on.

The ensembles are fitted on the validation faces, because the network has partly memorized its
training faces.

Reads   data/crops.npz, data/<network>/<seed>/model.keras, the recipe's sections of params.yaml
Writes  data/features/<network>_<seed>.npz (arrays as in data/features/cosine.npz)
Run     dvc repro extract_recipe  (all seeds)
        (or, from the top folder: python -m stages.extract_recipe improved 2024)
Takes   about a minute on 2 cores
Expect  a tenth of the train folder's detected faces as training rows
"""

from ferd.study import stage
from ferd.study.settings import load_recipe


def main(network, seed):
    """Writes the features."""
    import keras

    from ferd.ensembles.features import write_features
    from ferd.ensembles.recipe_features import hybrid_arrays
    from ferd.training.core.trained import load_trained
    from ferd.training.recipes.data import recipe_faces

    recipe = load_recipe(network, seed)
    keras.utils.set_random_seed(seed)
    model = load_trained(f"{network}/{seed}")
    arrays = hybrid_arrays(model, recipe_faces(recipe), recipe["crop_size"])
    write_features(f"data/features/{network}_{seed}.npz", arrays)


if __name__ == "__main__":
    stage.run(main, __doc__, {"network": {}, "seed": {"type": int}})
