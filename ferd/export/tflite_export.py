"""Converts a Keras network to TensorFlow Lite, and runs it."""

import tensorflow as tf


def to_tflite(model):
    """Converts a network with weights in float32.

    Args:
        model: `keras.Model` of one input and one output.

    Returns:
        Bytes of the file; the same weights give the same bytes.
    """
    return tf.lite.TFLiteConverter.from_keras_model(model).convert()


class TfliteNetwork:
    """A TensorFlow Lite network on one thread.

    Args:
        content: Bytes of the file.
    """

    def __init__(self, content):
        self._interpreter = tf.lite.Interpreter(model_content=content, num_threads=1)
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._output = self._interpreter.get_output_details()[0]["index"]
        self._shape = None

    def __call__(self, batch):
        """Predicts one batch: float32 `(faces, size, size, 1)` to `(faces, classes)`."""
        if batch.shape != self._shape:
            self._interpreter.resize_tensor_input(self._input, batch.shape)
            self._interpreter.allocate_tensors()
            self._shape = batch.shape
        self._interpreter.set_tensor(self._input, batch)
        self._interpreter.invoke()
        return self._interpreter.get_tensor(self._output)
