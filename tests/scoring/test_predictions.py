"""ferd.scoring.predictions: every model's predictions are in the given order of images."""

import numpy as np
import pandas as pd
import pytest

from ferd.classes import CLASSES
from ferd.scoring.networks import NETWORKS
from ferd.scoring.predictions import ENSEMBLES, gather_predictions, network_probabilities


def write_tables(folder):
    """Tables of two faces and one image without a face, in another order."""
    rows = {"name": ["b", "a"], "actual": ["sad", "sad"], "predicted": ["happy", "sad"]}
    fallback = {"name": ["c"], "actual": ["fear"], "predicted": ["fear"]}
    for stage, which in ENSEMBLES.values():
        (folder / stage).mkdir(exist_ok=True)
        pd.DataFrame(rows).to_csv(folder / stage / f"predictions{which}.csv", index=False)
        pd.DataFrame(fallback).to_csv(folder / stage / f"fallback{which}.csv", index=False)
    (folder / "cosine_compare").mkdir()
    pd.DataFrame(rows).to_csv(folder / "cosine_compare/predictions_et.csv", index=False)
    other = {**fallback, "predicted": ["angry"]}
    pd.DataFrame(other).to_csv(folder / "cosine_compare/fallback_et.csv", index=False)


def test_predictions_stand_in_the_order_of_the_names_for_every_model(tmp_path):
    write_tables(tmp_path)
    names = np.array(["a", "b", "c"])
    table = gather_predictions(names, {"cnn": np.eye(7)[[5, 5, 2]]}, tmp_path)
    assert list(table.columns) == ["cnn", "et on features", *ENSEMBLES]
    assert list(table["cnn"]) == [CLASSES[5], CLASSES[5], CLASSES[2]]
    assert list(table["et on features"]) == ["sad", "happy", "angry"]
    assert list(table["stack"]) == ["sad", "happy", "fear"]


def test_a_table_without_one_of_the_images_is_refused_by_its_stage(tmp_path):
    write_tables(tmp_path)
    with pytest.raises(SystemExit, match="plots/cosine_compare lacks d"):
        gather_predictions(np.array(["a", "d"]), {}, tmp_path)


def test_flip_averaging_is_the_mean_of_the_image_and_its_mirror(tmp_path):
    arrays = {"test_names": np.array(["a"])}
    for stage, _ in NETWORKS.values():
        arrays[f"{stage}_test"] = np.array([[1, 0, 0, 0, 0, 0, 0]], "float32")
        arrays[f"{stage}_mirrored"] = np.array([[0, 1, 0, 0, 0, 0, 0]], "float32")
    np.savez(tmp_path / "p.npz", **arrays)
    names, found = network_probabilities(tmp_path / "p.npz")
    assert list(names) == ["a"]
    assert found["cnn"][0, 0] == 1 and list(found["cnn, flip averaging"][0, :2]) == [0.5, 0.5]
