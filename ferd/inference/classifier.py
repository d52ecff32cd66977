"""Predicts the expressions of faces in crops, in photos and in a stream of frames."""

import functools
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ferd.imaging.detector import crop
from ferd.imaging.framing import cut
from ferd.imaging.images import BadImage
from ferd.inference.emotion import Emotion, Face, likeliest
from ferd.inference.face_finder import FaceFinder, to_gray
from ferd.inference.frames import Frame
from ferd.inference.onnx_network import OnnxNetwork
from ferd.inference.photo_faces import LONGEST_SIDE
from ferd.inference.photos import read_photo

__all__ = ["Classifier", "Emotion", "Face", "predict"]

MODELS = Path(__file__).parents[1] / "models"
MODEL = MODELS / "ferd.onnx"
PACKAGED = ("compact", "annotators")  # besides the default network
MAX_WAITING_PIXELS = 20_000_000  # in frames that wait for a full batch: 60 MB

Item = TypeVar("Item")
FilePath = str | os.PathLike[str]
# The fields of a `Face` before its emotion, and the network's input.
Found = tuple[tuple[int, int, int, int, int | None, float | None], NDArray[Any]]


class Classifier:
    """Predicts expressions with a network.

    Threads may share one. It can be copied and pickled; a pickle holds the network itself.

    Args:
        network: An `OnnxNetwork`.
        longest_side: As in `ferd.inference.photo_faces.find_faces`.
    """

    def __init__(self, network: OnnxNetwork, longest_side: int = LONGEST_SIDE) -> None:
        self.network: OnnxNetwork = network
        self.longest_side: int = longest_side
        self._finder = FaceFinder()

    @classmethod
    def load(
        cls,
        model: FilePath | None = None,
        threads: int | None = None,
        longest_side: int = LONGEST_SIDE,
    ) -> "Classifier":
        """Loads a network and its JSON file.

        Args:
            model: Path of an ONNX file; "annotators": the package's network trained on the votes of
                FER+'s annotators, whose probabilities are shares of annotators; or "compact": the
                same network trained on FER2013's labels. The package's `ferd.onnx` if None.
            threads: As in `OnnxNetwork`.
            longest_side: As in `ferd.inference.photo_faces.find_faces`.

        Returns:
            A `Classifier`.

        Raises:
            ModelError: As in `OnnxNetwork`.
        """
        if model in PACKAGED:
            model = MODELS / f"{model}.onnx"
        return cls(OnnxNetwork(model or MODEL, threads), longest_side)

    def predict(self, images: Iterable[NDArray[Any]], batch_size: int = 64) -> list[Emotion]:
        """Predicts the expressions of faces that are already cut out.

        Args:
            images: List or array of uint8 images, gray `(height, width)` or RGB
                `(height, width, 3)`, of any size; they are resized as the study's are.
            batch_size: Faces at a time.

        Returns:
            List of `Emotion`.

        Raises:
            ValueError: If an image has another type or shape.
        """
        size = self.network.size
        return self._name([crop(to_gray(image), None, size) for image in images], batch_size)

    def predict_faces(
        self, photo: FilePath | NDArray[Any], whole_image: bool = False
    ) -> list[Face]:
        """Finds every face of a photo and predicts its expression.

        Args:
            photo: uint8 array, gray `(height, width)` or upright RGB `(height, width, 3)`, or a
                path.
            whole_image: Use the whole photo as one face, without detection.

        Returns:
            List of `Face`, the largest first; empty if no face is found.

        Raises:
            BadImage: If the file at the path cannot be read as a photo.
            ValueError: If the array has another type or shape.
        """
        if isinstance(photo, str | os.PathLike):
            path = os.fspath(photo)
            try:
                photo = read_photo(path)
            except BadImage as error:
                raise BadImage(f"{path}: {error}") from error
        frame = Frame("", 0, np.asarray(photo))
        return next(self.predict_frames([frame], whole_image=whole_image))[1]

    def predict_frames(
        self, frames: Iterable[Item], batch_size: int = 64, whole_image: bool = False
    ) -> Iterator[tuple[Item, list[Face]]]:
        """Predicts the expressions in a stream of frames, filling batches across them.

        Args:
            frames: Iterable of `ferd.inference.frames.Frame` and anything else, which is passed on.
            batch_size: Faces at a time. At most as many frames wait, and fewer large ones.
            whole_image: As in `predict_faces`.

        Yields:
            `(item, faces)` in the order of `frames`; faces is a list of `Face`, as in
            `predict_faces`, and empty for an item that is no `Frame`.

        Raises:
            ValueError: If a frame's pixels have another type or shape, or `batch_size` is below 1.
        """
        waiting: list[tuple[Item, list[Found]]] = []
        faces = pixels = 0
        for item in frames:
            found = self._find(item.pixels, whole_image) if isinstance(item, Frame) else []
            waiting.append((item, found))
            faces += len(found)
            pixels += item.pixels.size // 3 if isinstance(item, Frame) else 0
            if max(faces, len(waiting)) >= batch_size or pixels >= MAX_WAITING_PIXELS:
                yield from self._with_emotions(waiting, batch_size)
                waiting, faces, pixels = [], 0, 0
        yield from self._with_emotions(waiting, batch_size)

    def _find(self, pixels: NDArray[Any], whole_image: bool) -> list[Found]:
        gray = to_gray(pixels)
        if whole_image:
            box = (0, 0, gray.shape[1], gray.shape[0], None, None)
            return [(box, crop(gray, None, self.network.size))]
        levels = self.network.crop_levels
        found = self._finder.find(gray, levels, self.longest_side)
        boxes = [(one.left, one.top, one.right, one.bottom, one.level, one.score) for one in found]
        crops = [cut(gray, face, self.network.framing, self.network.size) for face in found]
        return list(zip(boxes, crops, strict=True))

    def _with_emotions(
        self, waiting: list[tuple[Item, list[Found]]], batch_size: int
    ) -> Iterator[tuple[Item, list[Face]]]:
        crops = [face for _, found in waiting for _, face in found]
        emotions = iter(self._name(crops, batch_size))
        for item, found in waiting:
            yield item, [Face(*box, next(emotions)) for box, _ in found]

    def _name(self, crops: list[NDArray[Any]], batch_size: int) -> list[Emotion]:
        size, classes = self.network.size, self.network.classes
        images = np.array(crops, "uint8").reshape(-1, size, size)
        rows = self.network.calibrated(images, batch_size).tolist()
        return [likeliest(dict(zip(classes, row, strict=True))) for row in rows]


def predict(photo: FilePath | NDArray[Any], model: FilePath | None = None) -> list[Face]:
    """Finds every face of a photo and predicts its expression, as `ferd predict` does.

    The network is loaded at the first call and kept for the next.

    Args:
        photo: As in `Classifier.predict_faces`.
        model: As in `Classifier.load`.

    Returns:
        As in `Classifier.predict_faces`.

    Raises:
        BadImage: As in `Classifier.predict_faces`.
        ModelError: As in `Classifier.load`.
        ValueError: As in `Classifier.predict_faces`.
    """
    return _loaded(None if model is None else os.fspath(model)).predict_faces(photo)


@functools.cache
def _loaded(model: str | None) -> Classifier:
    return Classifier.load(model)
