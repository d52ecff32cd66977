"""ferd.training.core.feeding: batches in order, anew each epoch, no tuning thread of tf.data."""

import numpy as np

from ferd.training.core.batches import Batches
from ferd.training.core.feeding import feed, feed_arrays
from tests.helpers.small_faces import make_faces

FACES = make_faces((5,) * 7, seed=1)


def batches():
    return Batches(FACES.images, FACES.classes, 8, 3, lambda images, classes, generator: images)


def test_the_pipeline_gives_the_batches_in_order_and_the_short_last_one():
    source = batches()
    found = list(feed(source).as_numpy_iterator())
    assert len(found) == len(source) == len(feed(source)) and len(found[-1][1]) == 35 % 8
    for index, (inputs, classes) in enumerate(found):
        np.testing.assert_array_equal(inputs, source[index][0])
        np.testing.assert_array_equal(classes, source[index][1])


def test_each_pass_gives_the_epoch_that_is_current_when_it_begins():
    source = batches()
    dataset = feed(source)
    orders = []
    for epoch in (0, 1, 0):
        source.start_epoch(epoch)
        orders.append(np.concatenate([classes for _, classes in dataset.as_numpy_iterator()]))
    np.testing.assert_array_equal(orders[0], orders[2])
    assert (orders[0] != orders[1]).any()


def test_arrays_come_in_order_and_whole():
    found = list(feed_arrays((FACES.images, FACES.classes), 10).as_numpy_iterator())
    np.testing.assert_array_equal(np.concatenate([images for images, _ in found]), FACES.images)
    assert [len(classes) for _, classes in found] == [10, 10, 10, 5]


def test_nothing_is_tuned_while_it_runs():
    for dataset in (feed(batches()), feed_arrays((FACES.images,), 10)):
        assert dataset.options().autotune.enabled is False
