"""Trains a network on mixed targets, on data/crops.npz, and writes the files of its run."""

from ferd.training.core.precision import choose_precision
from ferd.training.core.run_files import note_cost, write_run
from ferd.training.mixed.targets import mixed_targets
from ferd.training.recipes.data import recipe_faces
from ferd.training.recipes.outputs import recipe_facts
from ferd.training.recipes.train_recipe import predict_views, train_recipe


def run_mixed(run, settings, cost, callbacks=()):
    """Trains a network and writes the files of its run.

    Args:
        run: Its name, the path below data/ and plots/.
        settings: Its recipe, merged.
        cost: The dict of `ferd.study.cost.measure_cost`.
        callbacks: As in `ferd.training.recipes.train_recipe.train_recipe`.
    """
    faces = recipe_faces(settings)
    print(f"training on {len(faces.train)} faces", flush=True)
    precision = choose_precision(settings["precision"])
    targets = mixed_targets(faces.train, settings)
    training = train_recipe(faces.train, targets, faces.validation, settings, precision, callbacks)
    facts = recipe_facts(training.model, faces, settings, training.model)
    probabilities = predict_views(training.model, faces.test.images, settings, settings["views"])
    write_run(run, training, faces.test, probabilities, facts)
    note_cost(training, cost)
    training.checkpoint.clear()
