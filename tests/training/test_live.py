"""ferd.training.core.live: the epochs of a running training can be watched."""

import json

import keras
import numpy as np
import pytest

from ferd.training.core.live import LiveEpochs, live_epochs


class Seen(keras.callbacks.Callback):
    """Reads what is shown after each epoch."""

    def __init__(self, folder):
        super().__init__()
        self.folder, self.steps, self.files = folder, [], set()

    def on_epoch_end(self, epoch, logs=None):
        self.steps.append(json.loads((self.folder / "metrics.json").read_text())["step"])
        self.files |= {file.name for file in self.folder.rglob("*")}
        self.curve = (self.folder / "plots/metrics/loss.tsv").read_text().split()[1::2]


def train(folder, epochs, initial_epoch=0):
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dropout(0.5), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    data = np.random.default_rng(0).random((32, 2))
    seen = [LiveEpochs(folder), Seen(folder)] if folder else []
    options = {"epochs": epochs, "initial_epoch": initial_epoch, "callbacks": seen, "verbose": 0}
    model.fit(data, data[:, :1], **options)
    return model.get_weights(), seen


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DVCLIVE_LOGLEVEL", "ERROR")


def test_each_epoch_is_shown_while_it_trains_and_nothing_is_left(tmp_path):
    _, (_, seen) = train(tmp_path / "live/run", 3)
    assert seen.steps == [1, 2, 3]
    assert {"metrics.json", "dvc.yaml", "report.html", "loss.tsv"} <= seen.files
    assert not (tmp_path / "live/run").exists()


def test_a_resumed_training_goes_on_in_the_curve_of_the_killed_one(tmp_path, monkeypatch):
    with monkeypatch.context() as killed:
        killed.setattr(LiveEpochs, "on_train_end", lambda self, logs=None: None)
        train(tmp_path / "live/run", 2)
    _, (_, seen) = train(tmp_path / "live/run", 3, initial_epoch=2)
    assert seen.steps == [3] and len(seen.curve) == 1 + 3


def test_weights_are_the_same_to_the_last_bit_with_and_without(tmp_path):
    shown, plain = train(tmp_path / "live", 3)[0], train(None, 3)[0]
    assert all(np.array_equal(one, other) for one, other in zip(shown, plain, strict=True))


def test_a_training_goes_on_where_its_epochs_cannot_be_shown(tmp_path, capsys):
    """A killed training may leave half a file, and DVCLive reads it when the next one resumes."""
    (tmp_path / "live").mkdir()
    (tmp_path / "live/metrics.json").write_text('{"loss": 0')
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    callbacks = [LiveEpochs(tmp_path / "live")]
    history = model.fit(
        np.ones((8, 2)), np.ones(8), epochs=4, initial_epoch=2, callbacks=callbacks, verbose=0
    )
    assert len(history.history["loss"]) == 2
    assert capsys.readouterr().out.count("is not written any more") == 1


def test_one_setting_switches_it_off():
    assert live_epochs("train", {"enabled": False}) == []
    (callback,) = live_epochs("replicate/train_2025", {"enabled": True})
    assert callback.folder.as_posix() == "live/replicate/train_2025"
