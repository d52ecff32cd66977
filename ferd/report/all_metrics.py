"""Reads the metrics that a stage of dvc.yaml gathers: those among its deps."""

import json
from pathlib import Path

from ferd.study.pipeline import deps_of


def read_all(folder, partial=False, reader="summary"):
    """Reads the metrics of all stages whose file in `folder` is a dep of `reader`.

    Args:
        folder: "metrics" or "metrics/cost", from the folder of dvc.yaml.
        partial: Leave out what is missing instead of stopping.
        reader: Stage that gathers them.

    Returns:
        Dict of stage to metrics, in the order of the deps.

    Raises:
        SystemExit: If a file is missing or not JSON.
    """
    found = {}
    for path in map(Path, deps_of(reader)):
        if path.parent != Path(folder) or path.suffix != ".json":
            continue
        if partial and not path.exists():
            continue
        try:
            found[path.stem] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise SystemExit(
                f"{path} cannot be read, run dvc repro {path.stem}: {error}"
            ) from error
    return found


def read_costs(folder, partial=False, reader="summary"):
    """As `read_all`, with every training of a repeated stage as `<stage>/<training>` after it.

    A repeated stage (a matrix in dvc.yaml) has a folder of files, which is the dep.

    Args:
        folder: "metrics/cost".
        partial, reader: As in `read_all`.
    """
    found = read_all(folder, partial, reader)
    for path in map(Path, deps_of(reader)):
        if path.parent == Path(folder) and not path.suffix:
            for file in sorted(path.glob("*.json")):
                found[f"{path.name}/{file.stem}"] = json.loads(file.read_text(encoding="utf-8"))
    return found
