"""Trainings that die in the middle, and what must hold once they are started again."""

import numpy as np
import pytest

from ferd.training.core.resume import ResumeCheckpoint


class Killed(Exception):
    pass


def kill_after(monkeypatch, epochs):
    """Makes training die just after the checkpoint of its `epochs`-th epoch is written."""
    original = ResumeCheckpoint.on_epoch_end

    def dying(self, epoch, logs=None):
        original(self, epoch, logs)
        if epoch + 1 == epochs:
            raise Killed

    monkeypatch.setattr(ResumeCheckpoint, "on_epoch_end", dying)


def whole_and_resumed(train, monkeypatch, epochs):
    """Trains once to the end, and once killed and started again; both must come to the same.

    Args:
        train: `train(name)` trains from the start or from the checkpoint of that name.
        epochs: How many the killed one gets to.

    Returns:
        The uninterrupted `RecipeTraining`.
    """
    whole = train("whole")
    with monkeypatch.context() as patch, pytest.raises(Killed):
        kill_after(patch, epochs)
        train("cut")
    resumed = train("cut")
    assert resumed.checkpoint.resumed_at == epochs
    for one, other in zip(whole.model.get_weights(), resumed.model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert resumed.history.equals(whole.history)
    return whole
