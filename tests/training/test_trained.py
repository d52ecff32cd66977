"""ferd.training.core.trained: a loaded network predicts as before it was saved."""

import numpy as np
import pytest

from ferd.networks.paper.cbam import CBAM
from ferd.networks.paper.paper_cnn import build_network
from ferd.training.core.saving import save_model
from ferd.training.core.trained import load_trained, probabilities


def attention(x, number):
    return CBAM(reduction_ratio=8, kernel_size=3, seed=number, name=f"cbam_{number}")(x)


@pytest.mark.parametrize("after_block", [None, attention])
def test_a_loaded_network_answers_as_the_saved_one_whatever_the_batch(
    after_block, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    model = build_network(size=16, after_block=after_block)
    save_model(model, "data/some_stage/model.keras")
    images = np.random.default_rng(0).integers(0, 256, (5, 16, 16), dtype=np.uint8)
    expected = model.predict(images[..., None] / 255.0, verbose=0)
    for batch_size in (2, 8):
        found = probabilities(load_trained("some_stage"), images, batch_size)
        assert found.shape == (5, 7) and found == pytest.approx(expected, abs=1e-5)


def test_a_stage_that_has_not_run_is_an_error(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=r"data/some_stage/model\.keras"):
        load_trained("some_stage")
