"""The stage ablation_augment_look on small faces and untrained networks."""

import numpy as np
import pytest

from ferd.dataset.parts.faces import load_faces
from ferd.networks.paper.paper_cnn import build_network
from ferd.training.core.saving import save_model
from ferd.training.core.trained import load_trained, probabilities
from stages import ablation_augment_look
from tests.helpers.small_faces import make_faces, write_crops
from tests.helpers.small_study import read, write_params

DETAILS = "metrics/details/ablation_augment_look.json"
SPLITS = (("train", 4), ("test", 5))


def look(counts):
    """Details where the classes have so many faces."""
    write_params()
    write_crops(splits={name: make_faces(counts, seed, 16, name) for name, seed in SPLITS})
    for seed, run in enumerate(ablation_augment_look.NETWORKS):
        save_model(build_network(size=16, seed=seed), f"data/{run}/model.keras")
    ablation_augment_look.main()
    return read(DETAILS)


def test_each_network_answers_the_same_faces_without_and_with_the_augmentation(empty_folder):
    details, test = look((9, 3, 9, 9, 9, 9, 9)), load_faces("test")
    train = np.bincount(load_faces("train").classes, minlength=7)
    rare = train < np.median(train)
    assert details["rare_classes"] == rare.sum() > 0
    for run in ablation_augment_look.NETWORKS:
        answers = probabilities(load_trained(run), test.images, 16).argmax(axis=1)
        right, rows = answers == test.classes, rare[test.classes]
        plain = details[run]["plain"]
        assert plain["accuracy"] == pytest.approx(right.mean(), abs=1e-6)
        assert plain["rare_recall"] == pytest.approx(right[rows].mean(), abs=1e-6)
        called = rare[answers[~rows]].mean()
        assert plain["others_called_rare"] == pytest.approx(called, abs=1e-6)
        assert set(details[run]) == {"plain", "strong"}


def test_where_no_class_is_rare_there_is_nothing_to_measure(empty_folder):
    write_params()
    faces = {name: make_faces((4,) * 7, seed, 16, name, 2.0) for name, seed in SPLITS}
    write_crops(splits=faces)
    ablation_augment_look.main()
    assert read(DETAILS) == {"rare_classes": 0}
