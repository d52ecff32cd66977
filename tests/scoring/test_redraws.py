"""ferd.scoring.redraws and its stage: the accuracy under other draws of the test images."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import hypergeom

from ferd.dataset.parts.faces import load_faces
from ferd.dataset.parts.split import validation_rows
from ferd.networks.paper.paper_cnn import build_network
from ferd.scoring.redraws import full_redraw, pools, redraw_accuracies, redraws
from ferd.study.base.results import prediction_table, write_json, write_table
from ferd.study.settings import load_training
from ferd.training.core.batches import to_input
from ferd.training.core.saving import save_model
from stages import redraws as stage
from tests.helpers.small_faces import make_faces, write_crops
from tests.helpers.small_study import read, write_params


def table(**classes):
    """Predictions of some classes, each with `(right, wrong)` faces."""
    rows = [
        (name, name if number < right else "happy" if name != "happy" else "sad")
        for name, (right, wrong) in classes.items()
        for number in range(right + wrong)
    ]
    return pd.DataFrame(rows, columns=["actual", "predicted"])


TEST = table(happy=(80, 20), fear=(30, 70), surprise=(90, 10))
VALIDATION = table(happy=(0, 50), fear=(20, 30), surprise=(10, 10))


def test_only_the_four_drawn_classes_are_drawn_again():
    found = redraw_accuracies(TEST, table(happy=(0, 500)), 50, 0)
    assert found == pytest.approx(np.full(50, 200 / 300))


def test_the_draws_have_the_mean_and_spread_of_draws_without_replacement():
    found = redraw_accuracies(TEST, VALIDATION, 20000, 0)
    # Of 150 faces of fear 50 are right, of 120 of surprise 100; 100 of each are drawn.
    fear, surprise = hypergeom(150, 50, 100), hypergeom(120, 100, 100)
    assert found.mean() == pytest.approx((80 + fear.mean() + surprise.mean()) / 300, abs=3e-4)
    deviation = np.sqrt(fear.var() + surprise.var()) / 300
    assert found.std() == pytest.approx(deviation, rel=0.03)


def test_a_class_without_validation_faces_stays_as_it_is():
    found = redraw_accuracies(TEST, VALIDATION[:0], 20, 0)
    assert found == pytest.approx(np.full(20, 200 / 300))


def test_the_report_places_the_test_set_among_the_redraws():
    found = redraws(TEST, VALIDATION, 1000, 1)
    drawn = redraw_accuracies(TEST, VALIDATION, 1000, 1)
    assert (found["draws"], found["faces"]) == (1000, 300)
    assert found["accuracy"] == pytest.approx(200 / 300)
    below, same = (drawn < 200 / 300).mean(), (drawn == 200 / 300).mean()
    assert 0 < same < 1 and found["percentile"] == pytest.approx(100 * (below + same / 2))
    assert found["low"] < found["mean"] < found["high"]
    assert (found["mean"], found["sd"]) == pytest.approx((drawn.mean(), drawn.std(ddof=1)))
    assert redraws(TEST, VALIDATION, 1000, 1) == found != redraws(TEST, VALIDATION, 1000, 2)


def test_pools_count_both_sources_of_faces():
    found = pools(TEST, VALIDATION)
    assert found["fear"] == {
        **{"test": 100, "test_recall": 0.3, "validation": 50, "validation_recall": 0.4}
    }
    assert found["disgust"] == {"test": 0, "validation": 0}
    assert "happy" not in found


def test_a_full_redraw_varies_as_binomial_recalls():
    generator = np.random.default_rng(0)
    right = generator.binomial(100, 0.3, 50000) + generator.binomial(100, 0.9, 50000)
    found = full_redraw(TEST)
    assert found["sd"] == pytest.approx((right / 300).std(), rel=0.02)
    assert found["half_width"] == pytest.approx(1.96 * found["sd"])


@pytest.fixture
def study(tmp_path, monkeypatch):
    """A network with random weights, its test predictions and its true validation scores."""
    monkeypatch.chdir(tmp_path)
    write_params(redraws={"draws": 100})
    parts = {"train": make_faces((12,) * 7, seed=2, size=16, found_share=1.0)}
    parts["test"] = make_faces(seed=1, size=16, split="test", found_share=1.0)
    write_crops(splits=parts)
    model = build_network(size=16, seed=3)
    save_model(model, f"data/{stage.RUN}/model.keras")
    train = load_faces("train")
    held_out = validation_rows(train, load_training(*stage.SECTIONS)[0])
    assert 0 < held_out.sum() < len(train)

    def predicted(faces):
        values = model.predict(to_input(faces.images), verbose=0).argmax(axis=1)
        return prediction_table(faces.names, faces.classes, values)

    write_table(f"plots/{stage.RUN}/predictions.csv", predicted(load_faces("test")))
    return predicted(train.take(held_out))


def note_training(faces, accuracy):
    noted = {"validation": {"faces": faces, "accuracy": accuracy}}
    write_json(f"data/{stage.RUN}/results/training.json", noted)


def accuracy_of(table):
    return (table["actual"] == table["predicted"]).mean()


def test_the_stage_predicts_the_run_s_validation_faces(study):
    note_training(len(study), accuracy_of(study))
    stage.main()
    found = read("metrics/details/redraws.json")
    assert (found["draws"], found["faces"]) == (100, 28)
    for name, pool in found["pools"].items():
        assert pool["validation"] == (study["actual"] == name).sum()
        own = study[study["actual"] == name]
        assert pool["validation_recall"] == pytest.approx(accuracy_of(own), abs=1e-6)


@pytest.mark.parametrize(("faces", "accuracy"), [(1, 0.0), (0, 0.05)])
def test_faces_that_the_run_was_not_validated_on_are_refused(study, faces, accuracy):
    note_training(len(study) + faces, accuracy_of(study) + accuracy)
    with pytest.raises(SystemExit, match="was validated on"):
        stage.main()
