"""ferd.training.jax.epoch: each face at most once per epoch; teachers see mirror images too."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from ferd.training.jax.epoch import make_epoch, make_loss, teach

pytestmark = pytest.mark.slow

SETTINGS = {
    **{"batch_size": 4, "crop_size": 8, "flip": False, "erasing": 0.0},
    **dict.fromkeys(("rotation_degrees", "zoom", "brightness", "contrast"), 0.0),
}


class Counter:
    """A network that says nothing and counts how often it was shown each brightness."""

    def stateless_call(self, weights, others, views, training):
        shown = jnp.round(views.mean(axis=(1, 2, 3)) * 255).astype("int32")
        answers = jnp.full((len(views), 7), 1 / 7) + 0 * weights[0]
        return answers, [others[0].at[shown].add(1)]


class Still:
    """An optimizer that counts its steps and moves nothing."""

    def stateless_apply(self, moments, slopes, weights):
        return weights, [moments[0] + 1]


def test_an_epoch_shows_every_face_at_most_once_and_other_epochs_leave_out_others():
    images = np.repeat(np.arange(10, dtype=np.uint8), 64).reshape(10, 8, 8)
    data = jnp.asarray(images), jnp.asarray(np.eye(7, dtype="float32")[[0] * 10])
    learn = make_epoch(Counter(), Still(), SETTINGS)
    left_out = set()
    for seed in range(6):
        state = [jnp.zeros(1)], [jnp.zeros(10)], [jnp.zeros(())]
        (_, (shown,), (steps,)), means = learn(state, data, [], jax.random.key(seed))
        assert steps == 2 and sorted(np.asarray(shown)) == [0, 0] + [1] * 8
        left_out |= set(np.flatnonzero(np.asarray(shown) == 0))
        np.testing.assert_allclose(means["loss"], np.log(7), rtol=1e-5)
    assert len(left_out) > 4


def test_loss_is_the_cross_entropy_with_soft_targets():
    class Given:
        def stateless_call(self, weights, others, views, training):
            return weights, others

    answers = np.array([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8]], "float32")
    wanted = np.array([[0.5, 0.5, 0], [0, 0, 1]], "float32")
    loss, (_, right) = make_loss(Given())(answers, [], None, wanted)
    by_hand = -(0.5 * np.log(0.7) + 0.5 * np.log(0.2) + np.log(0.8)) / 2
    np.testing.assert_allclose(loss, by_hand, rtol=1e-6)
    assert right == 1


def test_teachers_are_averaged_over_themselves_and_the_mirror_image():
    class Left:
        """Sure of class 0 by the brightness of the left half, else of class 1."""

        def stateless_call(self, share, others, views, training):
            bright = share * views[:, :, :2].mean(axis=(1, 2, 3))
            return jnp.stack([bright, 1 - bright], axis=1), others

    view = np.zeros((1, 4, 4, 1), "float32")
    view[:, :, :2] = 1
    found = teach([Left(), Left()], [(1.0, []), (0.5, [])], jnp.asarray(view))
    # The first says 1 and, of the mirror image, 0; the second half of it.
    np.testing.assert_allclose(found, [[0.375, 0.625]])
