"""Writes the rows of partitions as Parquet files, one each, and keeps those that are there."""

import contextlib
import hashlib
import json
import os
import re
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import ferd
from ferd.commands.lock import only_process
from ferd.inference.classifier import Classifier
from ferd.inference.partitions.parts import Counted, Outcome, Settings
from ferd.inference.reading.frames import Problem
from ferd.inference.writing.prediction_rows import columns

NAME = re.compile(r"part-(\d{8})\.parquet")
TEXT = ("file", "label", "note")
WHOLE = ("frame", "face", "track", "left", "top", "right", "bottom", "level")
# Settings that change no row; relative names are hashed with their folder.
NOT_IN_ROWS = ("batch_size", "folder", "format")
DAY = 86_400  # seconds
ROWS = 10_000  # of a row group: a long video's are never all in memory


@dataclass(frozen=True)
class Part:
    """Predicts a partition and writes its rows to a file of a folder. It can be pickled.

    The file holds a key of all that its rows depend on but the files' contents: their names, the
    network, the settings. A file with the right key is kept, if every photo could be read.

    Args:
        folder: The folder, which exists.
        settings: `Settings`.
    """

    folder: str
    settings: Settings

    def __call__(
        self, classifier: Classifier, number: int, sources: Sequence[str | Problem]
    ) -> Outcome:
        """Predicts, unless the file is there.

        Args:
            classifier: A `Classifier`.
            number: The partition's, from 0.
            sources: As `ferd.inference.reading.listing.list_sources` yields them.

        Returns:
            An `Outcome` without text, with the file.

        Raises:
            OSError: If the file cannot be written.
        """
        path = Path(self.folder, f"part-{number:08d}.parquet")
        key = _key(classifier, sources, self.settings)
        kept = _kept(path, key)
        if kept is not None:
            return kept
        # Not later: if the partition is given up, no rows of other settings are to stay.
        path.unlink(missing_ok=True)
        counted = Counted()
        schema = _schema(columns(classifier.network.classes, self.settings.top_k))
        # Other readers skip names that start with a dot. The last step is atomic: a part is whole.
        temporary = path.with_name(f".{path.stem}-{uuid.uuid4().hex}")
        with pq.ParquetWriter(temporary, schema, compression="zstd") as writer:
            for group in _groups(counted.rows(classifier, sources, self.settings)):
                writer.write_table(_table(group, schema))
            outcome = Outcome(counted.frames, tuple(counted.problems))
            writer.add_key_value_metadata(
                {"ferd": key, "ferd.outcome": json.dumps(asdict(outcome))}
            )
        os.replace(temporary, path)
        return replace(outcome, file=str(path))


def only_command(folder: str) -> contextlib.AbstractContextManager[None]:
    """Lets one command at a time write parts into a folder: as `ferd.commands.lock.only_process`.

    Args:
        folder: The folder of parts, which exists.

    Returns:
        A context manager, which raises a `SystemExit` if another command writes into the folder.
    """
    # Other readers skip names that start with a dot.
    path = Path(folder, ".lock")
    warning = f"ferd: {folder} cannot be locked: start no second command"
    return only_process(path, lambda other: f"ferd: {other} is writing into {folder}", warning)


def tidy(folder: str, parts: int) -> None:
    """Removes unfinished files of yesterday, and parts of an earlier, longer list of files.

    A newer unfinished file may be one that another command is writing.

    Args:
        folder: The folder of parts.
        parts: How many this list of files has.
    """
    for entry in os.scandir(folder):
        found = NAME.fullmatch(entry.name)
        unfinished = entry.name.startswith(".part-")
        old = unfinished and entry.stat().st_mtime < time.time() - DAY
        if old or (found and int(found[1]) >= parts):
            os.unlink(entry.path)


def _key(classifier: Classifier, sources: Iterable[str | Problem], settings: Settings) -> str:
    network = classifier.network
    facts = [network.sha256, network.temperature, network.crop_levels, classifier.framing]
    if classifier.prior:
        facts += [classifier.prior, network.prior]
    names = [
        [one, os.path.join(settings.folder, one)] if isinstance(one, str) else asdict(one)
        for one in sources
    ]
    options = asdict(settings)
    options = {name: options[name] for name in options if name not in NOT_IN_ROWS}
    text = json.dumps([ferd.__version__, facts, classifier.detector.settings, options, names])
    return hashlib.sha256(text.encode()).hexdigest()


def _kept(path: Path, key: str) -> Outcome | None:
    """What a file says that came of its partition; None where it has another key or is none."""
    try:
        found = pq.read_metadata(path).metadata or {}
    except (OSError, pa.ArrowInvalid):  # pyarrow has both for a damaged file
        return None
    if found.get(b"ferd") != key.encode():
        return None
    outcome = json.loads(found[b"ferd.outcome"])
    # What could not be read may be there now.
    return None if outcome["problems"] else Outcome(outcome["frames"], (), file=str(path))


def _groups(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while group := list(islice(rows, ROWS)):
        yield group


def _schema(names: Sequence[str]) -> Any:
    return pa.schema([(name, _type(name)) for name in names])


def _type(name: str) -> Any:
    if name in TEXT or name.startswith("label_"):
        return pa.string()
    return pa.int64() if name in WHOLE else pa.float64()


def _table(group: Sequence[dict[str, Any]], schema: Any) -> Any:
    # A file name may contain bytes that are not UTF-8, which Parquet's strings must be.
    named = [
        row | {"file": row["file"].encode("utf-8", "backslashreplace").decode()} for row in group
    ]
    return pa.Table.from_pylist(named, schema=schema)
