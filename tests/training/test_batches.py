"""ferd.training.core.batches: every face once an epoch, batches by the epoch's number alone."""

import numpy as np
import pytest

from ferd.training.core.batches import Batches, to_input, weigh_classes

COUNT = 23
CLASSES = np.arange(COUNT) % 7


def unchanged(images, classes, generator):
    return images


def noisy(images, classes, generator):
    return images + generator.integers(0, 50, images.shape, dtype=np.uint8)


def make(augment=unchanged, seed=3, **options):
    """Batches of 5 in which every pixel of a face is its number."""
    images = np.repeat(np.arange(COUNT, dtype=np.uint8), 4).reshape(COUNT, 2, 2)
    return Batches(images, CLASSES, 5, seed, augment, **options)


def read(batches):
    return [batches[index] for index in range(len(batches))]


def numbers(batches):
    """The faces' numbers in the order in which an epoch shows them."""
    return np.concatenate([np.round(b[0][:, 0, 0, 0] * 255) for b in read(batches)]).astype(int)


def equal(one, other):
    pairs = zip(read(one), read(other), strict=True)
    return all(np.array_equal(a, b) for x, y in pairs for a, b in zip(x, y, strict=True))


@pytest.mark.parametrize("epoch", [0, 1, 7])
def test_each_epoch_shows_every_face_once_in_a_shuffled_order(epoch):
    order = numbers(make(epoch=epoch))
    assert sorted(order) == list(range(COUNT)) and order.tolist() != sorted(order)


def test_a_face_comes_with_its_own_class():
    batches = make()
    classes = np.concatenate([batch[1] for batch in read(batches)])
    assert np.array_equal(classes, CLASSES[numbers(batches)])


def test_the_last_batch_holds_what_is_left():
    assert [len(batch[1]) for batch in read(make())] == [5, 5, 5, 5, 3]


def test_the_same_epoch_gives_the_same_batches_however_it_is_reached():
    resumed, run = make(noisy, epoch=4), make(noisy)
    for epoch in range(5):
        run.start_epoch(epoch)
        read(run)
    assert equal(run, resumed)
    run[2]
    assert equal(run, resumed)


def test_different_epochs_differ_in_order_and_augmentation():
    assert not np.array_equal(numbers(make(epoch=1)), numbers(make(epoch=2)))
    one, two = make(noisy, epoch=1), make(noisy, epoch=2)
    two.order = one.order
    assert not equal(one, two)


def test_different_seeds_differ_in_order_and_augmentation():
    assert not np.array_equal(numbers(make(seed=1)), numbers(make(seed=2)))
    one, two = make(noisy, seed=1), make(noisy, seed=2)
    two.order = one.order
    assert not equal(one, two)


def test_the_batches_of_an_epoch_are_augmented_by_different_draws():
    batches = make(lambda images, classes, generator: images * 0 + generator.integers(250))
    assert len({float(batch[0][0, 0, 0, 0]) for batch in read(batches)}) > 2


def test_augment_is_given_the_batchs_images_and_classes():
    seen = []
    batches = make(lambda images, classes, generator: seen.append((images, classes)) or images)
    batch = batches[1]
    assert np.array_equal(to_input(seen[0][0]), batch[0])
    assert np.array_equal(seen[0][1], batch[1])


def test_class_weights_are_given_face_by_face():
    weights = np.arange(7) / 10
    for images, classes, given in read(make(class_weights=weights)):
        assert len(images) == len(classes) and np.array_equal(given, classes / 10)
    assert len(make()[0]) == 2


def test_input_is_float32_from_0_to_1_with_a_channel():
    images = np.array([[[0, 51], [102, 255]]], np.uint8)
    taken = to_input(images)
    assert taken.shape == (1, 2, 2, 1) and taken.dtype == np.float32
    assert taken[0, :, :, 0].tolist() == pytest.approx(np.array([[0, 0.2], [0.4, 1]]))


def test_balanced_and_sqrt_weights_by_hand():
    classes = np.array([0, 0, 0, 1])
    balanced = weigh_classes(classes, 2, "balanced")
    assert balanced.tolist() == pytest.approx([4 / 6, 4 / 2])
    # The roots are in the proportion 1 to the root of 3; three faces weigh a and one root(3) a.
    scale = 4 / (3 + np.sqrt(3))
    sqrt = weigh_classes(classes, 2, "sqrt")
    assert sqrt.tolist() == pytest.approx([scale, np.sqrt(3) * scale])
    assert balanced.dtype == sqrt.dtype == np.float32


@pytest.mark.parametrize("rule", ["balanced", "sqrt"])
def test_the_mean_face_weighs_1(rule):
    classes = np.repeat(np.arange(7), (400, 44, 410, 716, 498, 493, 320))
    assert weigh_classes(classes, 7, rule)[classes].mean() == pytest.approx(1, abs=1e-5)


def test_no_rule_gives_no_weights():
    assert weigh_classes(CLASSES, 7, "none") is None


@pytest.mark.parametrize("rule", ["balanced", "sqrt"])
def test_weights_for_a_class_without_a_face_are_refused(rule):
    with pytest.raises(SystemExit, match="a training face of every class"):
        weigh_classes(np.array([0, 2]), 3, rule)
