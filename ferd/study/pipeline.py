"""Reads dvc.yaml: what a stage depends on, and the part of the pipeline that some stages form."""

from pathlib import Path

import yaml


def read_pipeline(path="dvc.yaml"):
    """The pipeline as a dict of `stages` and `plots`, as written: without its values filled in."""
    return yaml.safe_load(Path(path).read_text(encoding="utf-8"))


def deps_of(stage, path="dvc.yaml"):
    """Paths that a stage depends on, in their order.

    Args:
        stage: Its name in dvc.yaml.
        path: The file.

    Raises:
        KeyError: For a stage that dvc.yaml does not have.
    """
    return paths_of(read_pipeline(path)["stages"][stage], "deps")


def paths_of(stage, *kinds):
    """Paths of a stage's entries, each of which may carry options.

    Args:
        stage: Dict of the stage in dvc.yaml.
        *kinds: Of deps, outs, metrics and plots.

    Returns:
        List of strings.
    """
    entries = [entry for kind in kinds for entry in stage.get(kind, [])]
    return [next(iter(entry)) if isinstance(entry, dict) else entry for entry in entries]


def keep_stages(pipeline, names):
    """The pipeline of some stages alone.

    Deps on what the other stages write are left out, and so are plots of it: the stages that
    gather results then gather those of the stages kept.

    Args:
        pipeline: From `read_pipeline`.
        names: Names of the stages to keep.

    Returns:
        A dict as `pipeline`.

    Raises:
        KeyError: For a name that the pipeline does not have.
    """
    stages = pipeline["stages"]
    kept = {name: dict(stages[name]) for name in names}
    gone = set()
    for name, stage in stages.items():
        if name not in kept:
            gone.update(paths_of(stage, "outs", "metrics", "plots"))
            gone.update(f"{kind}/{name}" for kind in ("data", "metrics", "metrics/cost", "plots"))
    for stage in kept.values():
        stage["deps"] = [path for path in paths_of(stage, "deps") if path not in gone]
    plots = [plot for plot in pipeline.get("plots", []) if not _sources(plot) & gone]
    return {"stages": kept, "plots": plots}


def _sources(plot):
    """Files that a top-level plot of dvc.yaml is drawn from."""
    (options,) = plot.values()
    return set(options["y"])
