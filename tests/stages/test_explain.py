"""The stage explain on small faces and an untrained network."""

import pandas as pd

from ferd.networks.paper.paper_cnn import build_network
from ferd.scoring.grad_cam import TRAINED_LAYERS
from ferd.training.core.saving import save_model
from stages import explain
from tests.helpers.small_faces import make_faces, write_crops
from tests.helpers.small_study import read, write_params


def test_every_class_that_is_ever_right_has_a_map_and_every_layer_a_correlation(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    write_params(predict={"batch_size": 4})
    train, test = (make_faces((6,) * 7, seed, 48, split) for seed, split in SPLITS)
    write_crops(splits={"train": train, "test": test})
    # One prediction for all faces, so that one class is right.
    model = build_network(size=48, seed=1)
    kernel, bias = model.get_layer("emotion").get_weights()
    bias[3] = 50
    model.get_layer("emotion").set_weights([kernel, bias])
    save_model(model, "data/cosine/model.keras")
    explain.main()
    details = read("metrics/details/explain.json")
    assert list(details["attention"]) == ["happy"]
    assert details["attention"]["happy"]["faces"] == int(((test.classes == 3) & test.found).sum())
    assert sorted(path.name for path in (tmp_path / "data/explain").iterdir()) == ["happy.png"]
    table = pd.read_csv(tmp_path / "plots/explain/randomized.csv")
    assert list(table["layer"]) == list(details["randomized"]) == list(TRAINED_LAYERS)
    assert (table["rank_correlation"].abs() <= 1).all()


SPLITS = ((4, "train"), (5, "test"))
