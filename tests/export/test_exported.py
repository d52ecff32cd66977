"""ferd.export.exported: predictions are in the images' order, and times are of whole batches."""

import numpy as np
import pytest

from ferd.export import exported
from tests.helpers.small_networks import small_images

IMAGES = small_images(5)


@pytest.mark.parametrize("batch_size", [1, 2, 5, 64])
def test_answers_are_in_the_order_of_the_images(batch_size):
    sizes = []

    def run(batch):
        sizes.append(len(batch))
        return batch.mean(axis=(1, 2))

    given = exported.answers(run, IMAGES, batch_size)
    assert given[:, 0] == pytest.approx(IMAGES.mean(axis=(1, 2)) / 255, abs=1e-5)
    assert sum(sizes) == 5 and max(sizes) == min(batch_size, 5)


def test_time_is_the_median_batch_over_its_faces_and_the_first_does_not_count(monkeypatch):
    clock = iter(np.cumsum([0, 0.4, 0, 0.8, 0, 60]))
    monkeypatch.setattr(exported.time, "thread_time", lambda: float(next(clock)))
    shapes = []
    value = exported.milliseconds_per_face(lambda batch: shapes.append(batch.shape), IMAGES, 8, 20)
    assert value == pytest.approx(1000 * 0.8 / 8)
    assert shapes == [(8, 32, 32, 1)] * 4
