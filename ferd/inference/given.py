"""Reads what callers of the Python API give: photos in several forms, class shares and numbers."""

import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ferd.decoding.opening import reasons
from ferd.decoding.pictures import upright
from ferd.imaging.images import BadImage
from ferd.inference.faces.gray import CHANNELS, to_gray
from ferd.inference.model_file import ModelError
from ferd.inference.prior import Prior, read_prior
from ferd.inference.reading.photos import decode_photo, read_photo

FilePath = str | os.PathLike[str]
# An array, Pillow's image, a path, or a file: open or its bytes.
Photo = FilePath | bytes | BinaryIO | Image.Image | NDArray[Any]


def pixels_of(photo: Photo) -> NDArray[Any]:
    """Reads a photo.

    Args:
        photo: An array, which is not examined; Pillow's image of any mode; the path of a file; the
            bytes of a file; or a binary file, open at its start.

    Returns:
        The array, or upright RGB, uint8, shape `(height, width, 3)`.

    Raises:
        BadImage: If a file cannot be read as a photo; the message begins with its name.
        ValueError: If it is anything else.
    """
    if isinstance(photo, Image.Image):
        return _named("the image", lambda: _of_pillow(photo))
    if isinstance(photo, bytes | bytearray | memoryview):
        file = io.BytesIO(photo)
        return _named("the photo", lambda: decode_photo(file, may_be_cut=True))
    if isinstance(photo, str | os.PathLike):
        path = os.fspath(photo)
        return _named(path, lambda: read_photo(path, may_be_cut=True))
    if isinstance(photo, io.TextIOBase):
        raise ValueError('the file is open as text; open it with mode "rb"')
    if not isinstance(photo, np.ndarray) and hasattr(photo, "read"):
        name = getattr(photo, "name", None)
        name = name if isinstance(name, str) else "the photo"
        return _named(name, lambda: decode_photo(photo, may_be_cut=True))
    pixels = np.asarray(photo)
    if pixels.dtype.kind not in "buif":
        hint = "; cv2.imread returns None for a file that it cannot read" if photo is None else ""
        kind = type(photo).__name__
        raise ValueError(f"an image is of type {kind}; it must be uint8, as an array{hint}")
    return pixels


def grays_of(images: Iterable[Photo]) -> Iterator[NDArray[Any]]:
    """Reads faces that are already cut out.

    Args:
        images: Several, each as in `pixels_of`.

    Returns:
        Iterator of uint8 arrays, shape `(height, width)`.

    Raises:
        BadImage: As in `pixels_of`.
        ValueError: As in `pixels_of`, and if `images` is one image.
    """
    if _is_one(images):
        raise ValueError("predict takes several images; of a single one: predict([image])")
    return (to_gray(pixels_of(image)) for image in images)


def shares_of(prior: Prior | None) -> dict[str, float] | None:
    """Reads class shares, as `read_prior`, also of a pandas Series; None of None."""
    if prior is None or isinstance(prior, str):
        return None if prior is None else read_prior(prior)
    try:
        counts: Mapping[str, float] = dict(prior)
    except (TypeError, ValueError):
        line = f"prior is of type {type(prior).__name__}; it must be a dict of class to share"
        raise ValueError(f'{line}, a text such as "happy=3,sad=1,...", or "uniform"') from None
    return read_prior(counts)


def model_path(model: FilePath, folder: Path, packaged: Sequence[str]) -> Path:
    """The path of a network's ONNX file.

    Args:
        model: The path, or the name of a network of the package.
        folder: Where the package's networks lie.
        packaged: Their names.

    Raises:
        ModelError: If it is neither, or the JSON file beside the ONNX file is missing.
    """
    path, name = Path(model), os.fspath(model)
    if name in packaged:
        return folder / f"{name}.onnx"
    if not name or not (path.suffix or path.exists()):
        known = ", ".join(packaged)
        raise ModelError(f"{name!r} is no network of the package ({known}) and no ONNX file")
    if path.is_file() and not (facts := path.with_suffix(".json")).exists():
        line = "which has its classes and its temperature, is missing (docs/usage.md)"
        raise ModelError(f"{path}: the file {facts.name} beside it, {line}")
    return path


def check_numbers(**numbers: tuple[int | None, int]) -> None:
    """Raises a `ValueError` for a number below its least value, each given as `(number, least)`."""
    for name, (number, lowest) in numbers.items():
        if number is not None and number < lowest:
            raise ValueError(f"{name} is {number}; it must be {lowest} or more, or left out")


def _of_pillow(image: Image.Image) -> NDArray[np.uint8]:
    with reasons():
        return upright(image, b"")[0]


def _named(name: str, read: Any) -> NDArray[np.uint8]:
    try:
        pixels: NDArray[np.uint8] = read()
    except BadImage as error:
        raise BadImage(f"{name}: {error}") from error
    return pixels


def _is_one(images: Any) -> bool:
    if isinstance(images, str | bytes | bytearray | memoryview | os.PathLike | Image.Image):
        return True
    shape: tuple[int, ...] = getattr(images, "shape", ())
    is_colour = len(shape) == 3 and shape[2] in CHANNELS  # no batch has faces so narrow
    return len(shape) == 2 or is_colour or hasattr(images, "read")
