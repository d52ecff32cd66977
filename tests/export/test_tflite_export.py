"""ferd.export.tflite_export: TensorFlow Lite predicts as Keras does, with reproducible bytes."""

import pytest

from ferd.export.exported import answers
from ferd.export.tflite_export import TfliteNetwork, to_tflite
from ferd.training.core.batches import to_input
from tests.helpers.small_networks import small_images, small_network

pytestmark = pytest.mark.slow

IMAGES = small_images()


def test_tflite_answers_as_keras_whatever_the_batch_from_the_same_bytes():
    network = small_network()
    content = to_tflite(network)
    expected = network.predict(to_input(IMAGES), verbose=0)
    run = TfliteNetwork(content)
    for batch_size in (1, 4, 9):
        assert answers(run, IMAGES, batch_size) == pytest.approx(expected, abs=1e-5)
    assert to_tflite(network) == content
