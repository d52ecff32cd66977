"""Trains the paper's network or a variant of it: the ablations, each different in one thing."""

from ferd.classes import CLASSES
from ferd.dataset.parts.copy_free import training_faces
from ferd.dataset.parts.faces import load_faces
from ferd.dataset.parts.split import validation_rows
from ferd.networks.paper.cbam import CBAM
from ferd.training.core.run_files import note_cost, write_run
from ferd.training.core.validation import validation_scores
from ferd.training.paper.differential import differential_augment, rare_classes
from ferd.training.paper.train_cnn import predict, train_network


def train_variant(run, settings, changes, cost, shown="test", callbacks=()):
    """Trains and writes the files of a run.

    Args:
        run: The run's name.
        settings, changes: From `ferd.study.settings.load_training`.
        cost: The dict of `ferd.study.cost.measure_cost`.
        shown: Faces that are predicted: "test", or "validation" for a search, which must not use
            the test set.
        callbacks: As in `ferd.training.paper.train_cnn.train_network`.
    """
    view = "whole" if "uncropped" in changes else "crops"
    faces = training_faces(load_faces("train", view), settings)
    if changes.get("uncropped", {}).get("train_on") == "detected":
        faces = faces.take(faces.found)
    validating = validation_rows(faces, settings)
    options = {"variant": changes, "callbacks": callbacks}
    if "cbam" in changes:
        options["after_block"] = attention(changes["cbam"], settings["seed"])
    if "augment" in changes:
        rules = changes["augment"]
        options["augment"] = augmentation(rules, settings, faces.classes[~validating])
    training = train_network(faces, validating, settings, **options)
    held_out = faces.take(validating)
    validated = predict(training.model, held_out.images)
    facts = {
        "parameters": training.model.count_params(),
        "best_epoch": training.best_epoch,
        "validation": validation_scores(held_out.classes, validated),
    }
    if shown == "validation":
        write_run(run, training, held_out, validated, facts)
    else:
        test = load_faces("test", view)
        write_run(run, training, test, predict(training.model, test.images), facts)
    note_cost(training, cost)
    cost["validation_faces"] = len(held_out)
    training.checkpoint.clear()


def attention(changes, seed):
    """Function that puts CBAM after a block.

    Args:
        changes: Section `ablation_cbam` of params.yaml.
        seed: Seeds its initial weights.
    """

    def after_block(x, number):
        return CBAM(**changes, seed=seed + number, name=f"cbam_{number}")(x)

    return after_block


def augmentation(changes, settings, classes):
    """Function that augments the under-represented classes more strongly.

    Args:
        changes: Section `ablation_augment` of params.yaml.
        settings: The `train` section.
        classes: Class indices of the training faces, which decide what is rare.
    """
    strong = {key: value for key, value in changes.items() if key != "rare_share"}
    light = {key: settings[key] for key in ("flip", "rotation_degrees")}
    rare = rare_classes(classes, len(CLASSES), changes["rare_share"])
    print("stronger for:", *[name for name, is_rare in zip(CLASSES, rare, strict=True) if is_rare])

    def augment(images, classes, generator):
        return differential_augment(images, classes, generator, rare, light, strong)

    return augment
