"""Predicts with an ONNX network and the temperature in the JSON file beside it."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from ferd.classes import CLASSES
from ferd.imaging.framing import Framing
from ferd.inference.model_file import ModelError, read_model
from ferd.inference.out_of_memory import is_out_of_memory

__all__ = ["ModelError", "OnnxNetwork"]

OUTSIDE = "session.model_external_initializers_file_folder_path"
TINY = 1e-12  # a probability of 0 has no logarithm


class OnnxNetwork:
    """A classifier of square gray faces. It can be copied and pickled together with the model.

    Beside `model.onnx` lies `model.json` with `sha256` (of the model file), `classes`, `size` (side
    of a face in pixels), `temperature` and `crop_levels` (dlib's up-sampling levels), `metrics`
    (any JSON object), and, if the crop exceeds the detector's box, `framing`
    (`ferd.imaging.framing.Framing` as an object; the box itself if it is missing). `prior`, an
    object of class to share, is optional: the mean calibrated probabilities of the network on its
    validation faces. It is needed to adjust probabilities to other class shares.

    Args:
        path: The ONNX file. Its input is float32 `(batch, size, size, 1)`, gray levels / 255; its
            output float32 `(batch, classes)`, probabilities.
        threads: Threads of ONNX Runtime; one per core if None.

    Raises:
        ModelError: If a file is missing or damaged, the model is not the one the JSON file
            describes, or its shapes are others.
    """

    def __init__(self, path: str | os.PathLike[str], threads: int | None = None) -> None:
        path = Path(path)
        content, facts = read_model(path)
        self.path: Path = path
        self.classes: tuple[str, ...] = tuple(facts["classes"])
        self.size: int = facts["size"]
        self.temperature: float = float(facts["temperature"])
        self.crop_levels: tuple[int, ...] = tuple(facts["crop_levels"])
        self.framing: Framing = Framing(**facts["framing"])
        self.prior: dict[str, float] | None = facts["prior"]
        self.metrics: dict[str, Any] = facts["metrics"]
        self.sha256: str = facts["sha256"]
        self._content, self._threads = content, threads
        self._session = _start(path, content, threads)
        self._input, self._output = _check_shapes(self._session, path, self.size)
        self._check_outputs()

    @property
    def threads(self) -> int:
        """Threads that it predicts with."""
        return self._threads or os.cpu_count() or 1

    def __getstate__(self) -> dict[str, Any]:
        # A session cannot be pickled. The model's bytes can, and its file may be gone later.
        return {name: value for name, value in vars(self).items() if name != "_session"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        session = _start(state["path"], state["_content"], state["_threads"])
        vars(self).update(state, _session=session)

    def probabilities(self, images: NDArray[Any], batch_size: int = 64) -> NDArray[np.float32]:
        """Computes the network's probabilities without the temperature.

        Args:
            images: uint8, shape `(faces, size, size)`, gray levels.
            batch_size: Faces at a time.

        Returns:
            float32, shape `(faces, classes)`.

        Raises:
            ModelError: If the network fails, or its outputs are no numbers.
            ValueError: If the images have another type or shape, or `batch_size` is below 1.
        """
        images = np.asarray(images)
        if images.dtype != np.uint8 or images.shape[1:] != (self.size, self.size):
            wanted = f"uint8 (faces, {self.size}, {self.size})"
            raise ValueError(f"images are {images.dtype} {images.shape}; they must be {wanted}")
        if batch_size < 1:
            raise ValueError(f"batch_size is {batch_size}; it must be 1 or more")
        predicted = np.empty((len(images), len(self.classes)), "float32")
        for start in range(0, len(images), batch_size):
            batch = images[start : start + batch_size, ..., np.newaxis].astype("float32") / 255
            predicted[start : start + batch_size] = self._run(batch)
        return predicted

    def calibrated(self, images: NDArray[Any], batch_size: int = 64) -> NDArray[np.float32]:
        """Computes calibrated probabilities: their logarithms are divided by the temperature.

        Args:
            images: As in `probabilities`.
            batch_size: As in `probabilities`.

        Returns:
            float32, shape `(faces, classes)`; the largest stays the largest.

        Raises:
            ModelError: As in `probabilities`.
            ValueError: As in `probabilities`.
        """
        raw = self.probabilities(images, batch_size).astype("float64")
        logits = np.log(np.maximum(raw, TINY)) / self.temperature
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares: NDArray[np.float32] = (powers / powers.sum(axis=1, keepdims=True)).astype("float32")
        return shares

    def _run(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        try:
            outputs: NDArray[np.float32] = self._session.run([self._output], {self._input: batch})[
                0
            ]
        except Exception as error:  # ONNX Runtime's own classes, as in `_start`
            if is_out_of_memory(error):
                raise MemoryError("ONNX Runtime") from error
            reason = str(error).splitlines()[0]
            raise ModelError(f"{self.path}: ONNX Runtime cannot run it ({reason})") from error
        if outputs.shape != (len(batch), len(self.classes)) or not np.isfinite(outputs).all():
            raise ModelError(f"{self.path}: its outputs are of another shape, or no numbers (NaN)")
        return outputs

    def _check_outputs(self) -> None:
        # A model exported without its softmax has the right shape and gives wrong values.
        outputs = self._run(np.zeros((2, self.size, self.size, 1), "float32"))
        sums = outputs.sum(axis=1)
        if outputs.min() < 0 or not np.allclose(sums, 1, atol=1e-3):
            raise ModelError(
                f"{self.path}: its outputs are no probabilities; they sum to {sums[0]}"
            )


def _start(path: Path, content: bytes, threads: int | None) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or 0
    options.log_severity_level = 4  # errors come as exceptions; the log repeats them on stderr
    # Where ONNX Runtime looks for values outside the model file: nowhere.
    options.add_session_config_entry(OUTSIDE, os.devnull)
    try:
        # The bytes whose hash was compared, not the path: the file may change in between.
        # Without its fallback, which tries the same again and prints that on standard output.
        return onnxruntime.InferenceSession(
            content, options, providers=["CPUExecutionProvider"], enable_fallback=0
        )
    except Exception as error:  # ONNX Runtime's own classes, one per status, with no common base
        reason = str(error).splitlines()[0]
        raise ModelError(f"{path}: ONNX Runtime cannot load it ({reason})") from error


def _check_shapes(session: onnxruntime.InferenceSession, path: Path, size: int) -> tuple[str, str]:
    inputs, outputs = session.get_inputs(), session.get_outputs()
    try:
        found = [(node.type, list(node.shape)) for node in (*inputs, *outputs)]
    except UnicodeDecodeError as error:
        raise ModelError(f"{path}: its names are damaged (they are not UTF-8)") from error
    right = [("tensor(float)", [size, size, 1]), ("tensor(float)", [len(CLASSES)])]
    if [(kind, shape[1:]) for kind, shape in found] != right or isinstance(found[0][1][0], int):
        shapes = ", ".join(f"{kind} {shape}" for kind, shape in found)
        wanted = f"float (batch, {size}, {size}, 1) and (batch, {len(CLASSES)})"
        raise ModelError(f"{path}: its input and output are {shapes}; they must be {wanted}")
    return inputs[0].name, outputs[0].name
