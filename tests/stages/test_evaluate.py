"""The stages probabilities and evaluate, one after the other, on small faces and networks."""

import numpy as np
import pandas as pd
import pytest

from ferd.classes import CLASSES
from ferd.dataset.parts.faces import load_faces
from ferd.dataset.parts.split import validation_rows
from ferd.networks.paper.cbam import CBAM
from ferd.networks.paper.paper_cnn import build_network
from ferd.scoring.networks import NETWORKS
from ferd.scoring.predictions import ENSEMBLES
from ferd.study.settings import load_training
from ferd.training.core.saving import save_model
from stages import audit, evaluate, probabilities
from tests.helpers.small_faces import make_faces, write_crops
from tests.helpers.small_study import read, write_params

DETAILS = "metrics/details/evaluate.json"


def after_block(x, number):
    return CBAM(reduction_ratio=8, kernel_size=3, seed=number, name=f"cbam_{number}")(x)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("evaluate")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        write_params()
        train, test = (make_faces((6,) * 7, seed, 16, split) for seed, split in SPLITS)
        train.images[3] = test.images[5]
        write_crops(splits={"train": train, "test": test})
        for number, stage in enumerate([network.stage for network in NETWORKS.values()]):
            attention = after_block if stage == "cosine_cbam" else None
            model = build_network(size=16, seed=number, after_block=attention)
            save_model(model, f"data/{stage}/model.keras")
        write_ensembles(test)
        for stage in (audit, probabilities, evaluate):
            stage.main()
    return folder


SPLITS = ((4, "train"), (5, "test"))


def write_ensembles(test):
    """Every ensemble and single model predicts "happy" for every test image."""
    actual = np.array(CLASSES)[test.classes]
    rows = pd.DataFrame({"name": test.names, "actual": actual, "predicted": "happy"})
    for stage, which in ENSEMBLES.values():
        path = f"plots/{stage}/{{}}{which}.csv"
        write(rows[test.found], path.format("predictions"))
        write(rows[~test.found], path.format("fallback"))
    write(rows[test.found], "plots/cosine_compare/predictions_et.csv")
    write(rows[~test.found], "plots/cosine_compare/fallback_et.csv")


def write(table, path):
    from ferd.study.base.results import write_table

    write_table(path, table)


def arrays(folder):
    with np.load(folder / "data/probabilities.npz") as file:
        return {name: file[name] for name in file.files}


def test_every_network_answers_every_test_image_and_its_mirror(folder):
    given = arrays(folder)
    for stage, _ in NETWORKS.values():
        for kind in ("test", "mirrored"):
            values = given[f"{stage}_{kind}"]
            assert values.shape == (42, 7) and values.sum(axis=1) == pytest.approx(1, abs=1e-5)
        assert not np.allclose(given[f"{stage}_test"], given[f"{stage}_mirrored"])


def test_cropped_networks_see_the_cut_face_or_else_the_whole_image(folder, monkeypatch):
    import keras

    from ferd.training.core.batches import to_input

    monkeypatch.chdir(folder)
    model = keras.saving.load_model("data/cosine/model.keras", compile=False)
    given, whole = arrays(folder), load_faces("test", view="whole")
    cut = model.predict(to_input(load_faces("test").images), verbose=0)
    assert given["cosine_test"][whole.found] == pytest.approx(cut, abs=1e-5)
    rest = model.predict(to_input(whole.images[~whole.found]), verbose=0)
    assert given["cosine_test"][~whole.found] == pytest.approx(rest, abs=1e-5)


def test_validation_is_the_detected_part_that_no_network_was_trained_on(folder, monkeypatch):
    monkeypatch.chdir(folder)
    faces = load_faces("train")
    held_out = faces.take(validation_rows(faces, load_training("cosine")[0]))
    given = arrays(folder)
    assert sorted(given["validation_classes"]) == sorted(held_out.classes)
    assert all(len(given[f"{stage}_validation"]) == len(held_out) for stage, _ in NETWORKS.values())


def test_details_hold_every_model_on_every_part(folder):
    details = read(folder / DETAILS)
    assert {"cnn", "cnn, flip averaging", "et on features", "stack"} < set(details["models"])
    faces = details["models"]["stack"]
    assert faces["all"]["faces"] == 42 and faces["all"]["accuracy"] == pytest.approx(1 / 7)
    assert faces["detected"]["faces"] + faces["not_detected"]["faces"] == 42
    assert set(details) == {"models", "calibration"}


def test_calibration_does_not_change_an_answer_and_has_a_temperature(folder):
    details = read(folder / DETAILS)["calibration"]
    risks = pd.read_csv(folder / "plots/evaluate/risk_coverage.csv")
    models = read(folder / DETAILS)["models"]
    for name, entry in details.items():
        assert entry["temperature"] > 0
        assert 0 <= entry["after"]["calibration_error"] <= 1
        error = risks[(risks["model"] == name) & (risks["coverage"] == 1)]["risk"].iloc[0]
        assert 1 - error == pytest.approx(models[name]["detected"]["accuracy"], abs=1e-6)


def test_table_of_parts_is_the_details(folder):
    table = pd.read_csv(folder / "plots/evaluate/parts.csv")
    models = read(folder / DETAILS)["models"]
    assert len(table) == sum(len(parts) for parts in models.values())
    row = table[(table["model"] == "cnn") & (table["part"] == "all")].iloc[0]
    assert row["accuracy"] == pytest.approx(models["cnn"]["all"]["accuracy"], abs=1e-6)
