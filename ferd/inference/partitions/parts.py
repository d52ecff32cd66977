"""Predicts partitions: lists of files that are read, predicted and written as one piece of work."""

import io
import itertools
import os
from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ferd.inference.classifier import Classifier
from ferd.inference.faces.followed import followed
from ferd.inference.prediction import BATCH_SIZE
from ferd.inference.reading.frames import Frame, Media, Problem, problem_line
from ferd.inference.reading.media import read_source
from ferd.inference.reading.photos import MAX_PIXELS
from ferd.inference.reading.thinning import ALL, Thinning
from ferd.inference.writing.prediction_rows import RowWriter, columns, rows

SIZE = 512  # files of a partition


@dataclass(frozen=True)
class Settings:
    """What the rows of a partition depend on besides its files and the network.

    Args:
        folder: Relative paths start here, on every worker.
        max_pixels, batch_size, whole_image, top_k, abstain_below, format, smooth,
            detect_every: As the options of `ferd predict`.
        thinning: Which frames of videos are predicted.
    """

    folder: str
    max_pixels: int
    batch_size: int
    whole_image: bool
    top_k: int | None
    abstain_below: float
    format: str
    thinning: Thinning = ALL
    smooth: float | None = None
    detect_every: int | None = None

    @classmethod
    def of(cls, options: Namespace) -> "Settings":
        """Takes them from the options of `ferd predict`."""
        return cls(
            os.getcwd(),
            options.max_pixels or MAX_PIXELS,
            options.batch_size or BATCH_SIZE,
            options.whole_image,
            options.top_k,
            options.abstain_below,
            options.format,
            Thinning(options.every, options.fps),
            options.smooth,
            options.detect_every,
        )


@dataclass(frozen=True)
class Outcome:
    """What became of a partition.

    Args:
        frames: Number of photos and video frames that were predicted.
        problems: Lines for standard error, one for each file that cannot be read.
        text: The rows as JSON lines or CSV without a header; empty where a file has them.
        file: Path of the file that has them; empty where `text` has them.
    """

    frames: int
    problems: tuple[str, ...]
    text: str = ""
    file: str = ""


@dataclass(frozen=True)
class Text:
    """Predicts a partition and returns its rows as text. It can be pickled."""

    settings: Settings

    def __call__(
        self, classifier: Classifier, number: int, sources: Sequence[str | Problem]
    ) -> Outcome:
        """Predicts.

        Args:
            classifier: A `Classifier`.
            number: The partition's, from 0; the rows do not depend on it.
            sources: As `ferd.inference.reading.listing.list_sources` yields them.

        Returns:
            An `Outcome`.
        """
        stream = io.StringIO(newline="")
        names = columns(classifier.network.classes, self.settings.top_k)
        writer = RowWriter(stream, names, self.settings.format, header=False)
        counted = Counted()
        for row in counted.rows(classifier, sources, self.settings):
            writer.write(row)
        return Outcome(counted.frames, tuple(counted.problems), stream.getvalue())


class Counted:
    """Yields the rows of a partition and counts its frames and problems meanwhile."""

    def __init__(self) -> None:
        self.frames = 0
        self.problems: list[str] = []

    def rows(
        self, classifier: Classifier, sources: Iterable[str | Problem], settings: Settings
    ) -> Iterator[dict[str, Any]]:
        """Predicts sources; yields rows as `ferd.inference.writing.prediction_rows.rows` does."""
        media = _read(sources, settings)
        predicted = classifier.predict_frames(
            media, settings.batch_size, settings.whole_image, settings.detect_every
        )
        for item, faces, tracks in followed(predicted, settings.smooth):
            if isinstance(item, Frame):
                self.frames += 1
                yield from rows(item, faces, settings.top_k, settings.abstain_below, tracks)
            else:
                self.problems.append(problem_line(item))


def split(sources: Iterable[str | Problem], size: int) -> Iterator[tuple[int, list[str | Problem]]]:
    """Splits sources into partitions while they are listed.

    Args:
        sources: As `ferd.inference.reading.listing.list_sources` yields them.
        size: Sources of a partition; the last one may have fewer.

    Yields:
        Numbers from 0, and lists of sources.
    """
    sources = iter(sources)
    for number in itertools.count():
        if not (part := list(itertools.islice(sources, size))):
            return
        yield number, part


def _read(sources: Iterable[str | Problem], settings: Settings) -> Media:
    """Reads sources below the head's folder, under the names that the head has for them."""
    for source in sources:
        if isinstance(source, Problem):
            yield source
            continue
        path = os.path.join(settings.folder, source)
        for item in read_source(path, settings.max_pixels, settings.thinning):
            yield replace(item, source=source)
