"""ferd.ensembles.fit_files: what a fitted model predicts for the test images, as tables."""

import numpy as np
import pandas as pd
import pytest

from ferd.ensembles import fit_files
from ferd.ensembles.features import FaceFeatures

NAMES = np.array(["test/sad/1", "test/fear/2", "test/sad/3"])


def faces(fallback):
    """Two test faces and `fallback` images without one; feature 0 is the class to predict."""
    table = pd.DataFrame({"feature_0": [5, 0, 2], "target": [5, 2, 5]})
    rest = slice(2, 2 + fallback)
    return FaceFeatures(table, table[:2], NAMES[:2], table[rest], NAMES[rest])


@pytest.fixture(autouse=True)
def predicted(monkeypatch, empty_folder):
    """A model that predicts feature 0, for sure if it is "soft"; counts the tables it is given."""
    given = []

    def predict(experiment, model, table):
        given.append(len(table))
        classes = table["feature_0"].to_numpy()
        return classes, np.eye(7)[classes] if model == "soft" else None

    monkeypatch.setattr(fit_files, "predict", predict)
    return given


def read(kind):
    return pd.read_csv(f"run/{kind}_et.csv")


def test_faces_and_images_without_one_have_a_table_each():
    fit_files.write_predictions(None, "soft", faces(1), "run", "et")
    found = read("predictions")
    assert found["name"].tolist() == ["test/sad/1", "test/fear/2"]
    assert found["actual"].tolist() == ["sad", "fear"]
    assert found["predicted"].tolist() == ["sad", "angry"]
    assert found["p_sad"].tolist() == [1, 0]
    rest = read("fallback")
    assert rest["name"].tolist() == ["test/sad/3"] and rest["predicted"].tolist() == ["fear"]


def test_a_model_without_probabilities_has_no_columns_for_them():
    fit_files.write_predictions(None, "hard", faces(1), "run", "et")
    for kind in ("predictions", "fallback"):
        assert list(read(kind).columns) == ["name", "actual", "predicted"]


@pytest.mark.parametrize("model", ["soft", "hard"])
def test_where_every_face_is_found_the_second_table_is_empty(model, predicted):
    fit_files.write_predictions(None, model, faces(0), "run", "et")
    assert predicted == [2] and len(read("fallback")) == 0
    # Else the two tables together would have probabilities that are not numbers.
    assert list(read("fallback").columns) == list(read("predictions").columns)


def test_auc_is_of_the_probabilities_before_they_are_rounded():
    sure = np.array([[0.6, 0.4], [3e-8, 1 - 3e-8], [2e-8, 1 - 2e-8], [4e-9, 1 - 4e-9]])
    probabilities = np.hstack([np.zeros((4, 5)), sure])
    classes = np.array([5, 5, 5, 6])
    facts = fit_files.auc_facts((classes, probabilities), (classes[:0], probabilities[:0]))
    rounded = fit_files.weighted_auc(classes, probabilities.round(6))
    assert facts == {"unrounded_auc": {"test": 1.0, "test_all": 1.0}}
    assert rounded < 1
    assert fit_files.auc_facts((classes, None), (classes[:0], None)) == {}
