"""Reads what the stages measured: all scores and costs, which documents are made from."""

import json
from pathlib import Path

from ferd.study.pipeline import read_pipeline, written_by

DETAILS, COSTS = "metrics/details", "metrics/cost"
# Of the networks that are trained on a GPU. Apart, so that no stage of dvc.yaml depends on them.
ON_GPU = "metrics/gpu"


def read_details(partial=False, folder=DETAILS):
    """Reads the files that the stages of dvc.yaml write into a folder.

    A file that no stage writes any more is left out, however long it lies there.

    Args:
        partial: Leave out what is missing instead of stopping.
        folder: `DETAILS` or `COSTS`, from the folder of dvc.yaml.

    Returns:
        Dict of path without folder and suffix (`train`, `improved/2024`) to content, in the order
        of the stages.

    Raises:
        SystemExit: If a file is missing or not JSON.
    """
    found = {}
    for path in map(Path, written_by(read_pipeline(), folder)):
        if partial and not path.exists():
            continue
        name = path.relative_to(folder).with_suffix("").as_posix()
        try:
            found[name] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise SystemExit(f"{path} cannot be read, run dvc repro: {error}") from error
    return found


def folder_of(network, kind=DETAILS):
    """Folder of a network's files.

    Args:
        network: Its name; those that are trained on a GPU end in `_gpu`.
        kind: `DETAILS` or `COSTS`.
    """
    return f"{ON_GPU}/{kind.split('/')[1]}" if network.endswith("_gpu") else kind


def read_costs(partial=False):
    """As `read_details`, of the stages' costs."""
    return read_details(partial, COSTS)
