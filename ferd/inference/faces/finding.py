"""Finds the faces of a stream of frames and cuts them out, on several threads."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar, cast

from ferd.imaging.framing import Framing
from ferd.inference.detectors.base import Detector
from ferd.inference.faces.carried import filled, marked
from ferd.inference.faces.cutting import Found, Place, cut_out, places
from ferd.inference.faces.gray import to_gray
from ferd.inference.faces.in_order import in_order
from ferd.inference.out_of_memory import PHOTO, is_out_of_memory
from ferd.inference.reading.frames import Frame, Problem

MAX_WAITING_PIXELS = 20_000_000  # for each thread, in frames that wait for their turn: 60 MB

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Finder:
    """Finds faces and cuts them out.

    Args:
        detector: Finds the faces.
        framing: The part of a photo that the network is shown, relative to the detector's box.
        size: Side of the network's input in pixels.
        whole_image: Use a whole photo as one face, without detection.
    """

    detector: Detector
    framing: Framing
    size: int
    whole_image: bool

    def found(
        self, items: Iterable[Item], threads: int, every: int | None
    ) -> Iterator[tuple[Item, list[Found]]]:
        """Finds the faces of all frames, in their order.

        Args:
            items: `Frame`s and anything else, which has no face.
            threads: Frames that are searched at a time.
            every: As in `ferd.inference.faces.carried.marked`.

        Yields:
            Items and their faces. A frame for which memory runs out becomes a `Problem`.
        """
        if self.whole_image:
            every = 1
        pairs = in_order(
            lambda pair: self._places(pair[0]) if pair[1] else None,
            marked(items, every),
            threads,
            lambda pair: pixels_of(pair[0]),
            MAX_WAITING_PIXELS,
        )
        crops = in_order(
            lambda pair: self._crops(*pair),
            filled(pairs, every),
            threads,
            lambda pair: pixels_of(pair[0]),
            MAX_WAITING_PIXELS // 4,
        )
        for (item, _), found in crops:
            if isinstance(found, Problem):
                yield cast(Item, found), []
            else:
                yield item, found

    def _places(self, item: object) -> list[Place] | Problem:
        if not isinstance(item, Frame):
            return []
        pixels = item.pixels
        return or_problem(
            item, lambda: places(pixels, to_gray(pixels), self.detector, self.whole_image)
        )

    def _crops(self, item: object, boxes: list[Place] | Problem | None) -> list[Found] | Problem:
        if not isinstance(item, Frame):
            return []
        found = self._places(item) if boxes is None else boxes
        if isinstance(found, Problem):
            return found
        pixels, rest = item.pixels, (self.framing, self.size, self.whole_image)
        return or_problem(item, lambda: cut_out(to_gray(pixels), found, *rest))


def or_problem(frame: Frame, call: Callable[[], Result]) -> Result | Problem:
    """Calls a function for a frame.

    Args:
        frame: The frame.
        call: The function.

    Returns:
        What it returns, or a `Problem` if memory runs out.
    """
    try:
        return call()
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        return Problem(frame.source, PHOTO)


def pixels_of(item: object) -> int:
    """Pixels of a `Frame`; 0 of anything else."""
    return item.pixels.size // 3 if isinstance(item, Frame) else 0
