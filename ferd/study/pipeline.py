"""Reads dvc.yaml: its stages one by one, what they depend on and write, and a part of them.

Run: `python -m ferd.study.pipeline FILE` prints the commands of a file's stages, in their order.
"""

import itertools
import re
import sys
from pathlib import Path

import yaml


def read_pipeline(path="dvc.yaml"):
    """The pipeline as a dict of `stages` and `plots`, as written."""
    return yaml.safe_load(Path(path).read_text(encoding="utf-8"))


def expand(pipeline):
    """The stages by the names that dvc.lock gives them: one for each line of a foreach or matrix.

    Args:
        pipeline: From `read_pipeline`.

    Returns:
        Dict of name (`stage`, or `stage@key`) to stage, its values filled in.
    """
    found = {}
    for name, stage in pipeline["stages"].items():
        if "foreach" in stage:
            items, body = stage["foreach"], stage["do"]
            if not isinstance(items, dict):
                items = {str(item): item for item in items}
        elif "matrix" in stage:
            body = {key: value for key, value in stage.items() if key != "matrix"}
            rows = itertools.product(*stage["matrix"].values())
            items = {"-".join(map(str, row)): dict(zip(stage["matrix"], row)) for row in rows}  # noqa: B905
        else:
            found[name] = stage
            continue
        for key, item in items.items():
            found[f"{name}@{key}"] = _fill_in(body, key, item)
    return found


def deps_of(stage, path="dvc.yaml"):
    """Paths that a stage depends on, in their order.

    Args:
        stage: Its name, as `expand` gives it.
        path: The file.

    Raises:
        KeyError: For a stage that dvc.yaml does not have.
    """
    return paths_of(expand(read_pipeline(path))[stage], "deps")


def paths_of(stage, *kinds):
    """Paths of a stage's entries, each of which may carry options.

    Args:
        stage: Dict of the stage, from `expand`.
        *kinds: Of deps, outs, metrics and plots.

    Returns:
        List of strings.
    """
    entries = [entry for kind in kinds for entry in stage.get(kind, [])]
    return [next(iter(entry)) if isinstance(entry, dict) else entry for entry in entries]


def written_by(pipeline, folder):
    """What the stages write into a folder.

    Args:
        pipeline: From `read_pipeline`.
        folder: E.g. "metrics/details".

    Returns:
        List of paths, in the order of the stages.
    """
    stages = expand(pipeline).values()
    paths = [path for stage in stages for path in paths_of(stage, "outs", "metrics", "plots")]
    return [path for path in paths if path.startswith(folder + "/")]


def keep_stages(pipeline, names):
    """The pipeline of some stages alone.

    Deps on what the other stages write are left out, and so are plots of it: the stages that
    gather results then gather those of the stages kept.

    Args:
        pipeline: From `read_pipeline`.
        names: Stages to keep, as `expand` names them; `stage` alone keeps all its lines.

    Returns:
        A dict as `pipeline`, without foreach and matrix.

    Raises:
        KeyError: For a name that the pipeline does not have.
    """
    stages, kept = expand(pipeline), {}
    for name in names:
        lines = {key: stages[key] for key in stages if key == name or key.startswith(f"{name}@")}
        if not lines:
            raise KeyError(name)
        kept |= lines
    gone = {
        path
        for name, stage in stages.items()
        if name not in kept
        for path in paths_of(stage, "outs", "metrics", "plots")
    }
    given = {
        path for stage in kept.values() for path in paths_of(stage, "outs", "metrics", "plots")
    }
    folders = {str(parent) for path in gone for parent in Path(path).parents}
    folders -= {str(parent) for path in given for parent in Path(path).parents}
    gone |= folders
    kept = {name: dict(stage) for name, stage in kept.items()}
    for stage in kept.values():
        stage["deps"] = [path for path in paths_of(stage, "deps") if path not in gone]
    plots = [plot for plot in pipeline.get("plots", []) if not _sources(plot) & gone]
    return {
        **pipeline,
        "stages": {_plain(name): stage for name, stage in kept.items()},
        "plots": plots,
    }


def _fill_in(body, key, item):
    """The body of a foreach or matrix with `${key}`, `${item}` and `${item.name}` replaced."""

    def value(found):
        name = found.group(1)
        if name == "key":
            return str(key)
        return str(item if name == "item" else item[name.removeprefix("item.")])

    return yaml.safe_load(re.sub(r"\$\{(key|item(?:\.\w+)?)\}", value, yaml.safe_dump(body)))


def _plain(name):
    # DVC keeps "@" for the lines of a foreach.
    return name.replace("@", "_")


def _sources(plot):
    """Files or folder that a top-level plot of dvc.yaml is drawn from."""
    if isinstance(plot, str):
        return {plot}
    ((name, options),) = plot.items()
    return set(options["y"]) if isinstance(options.get("y"), dict) else {name}


if __name__ == "__main__":
    for one in expand(read_pipeline(sys.argv[1])).values():
        print(one["cmd"])
