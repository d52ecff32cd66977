"""Reads what a finished run of a residual network measured, and how its recipe differs."""

import json
from pathlib import Path

from ferd.study.details import COSTS, DETAILS, folder_of
from ferd.study.pipeline import expand, read_pipeline
from ferd.study.settings import load_recipe

SEARCH = "search"
# A recipe with another value of one of these has other training or validation faces than search.
FACES = ("split", "exclude_test_copies", "targets")


def seeds_by_recipe():
    """The recipes that dvc.yaml trains, each with the seed of its first run."""
    lines = (
        stage["cmd"].split()[-2:]
        for name, stage in expand(read_pipeline()).items()
        if name.startswith("recipe@")
    )
    found = {}
    for recipe, seed in lines:
        found.setdefault(recipe, int(seed))
    return found


def finished(recipe):
    """Validation scores of a finished run of FER2013's own split, as `search` writes them.

    Args:
        recipe: Its section of params.yaml.

    Returns:
        Pair of the changes, strings `search.<key>=<value>` that make `search` train the same
        network, and a dict of the `metrics` and `cost` of its first seed.

    Raises:
        SystemExit: If it has other training or validation faces than `search`, or params.yaml or a
            file is missing.
    """
    seeds = seeds_by_recipe()
    own, base = (load_recipe(one, seeds[recipe]) for one in (recipe, SEARCH))
    other = [key for key in FACES if own.get(key) != base.get(key)]
    if other:
        raise SystemExit(f"{recipe}.{other[0]} is not that of search: scores on other faces")
    # Validation has every test-time augmentation, so the one for the test set changes no row.
    own["views"] = base["views"]
    return differences(SEARCH, own, base), files_of(recipe, seeds[recipe])


def finished_on_gpu(recipe, root):
    """Validation scores of a training on a GPU, for the first seed that has them.

    Args:
        recipe: Its section of params.yaml.
        root: The tree it was run in; its params.yaml may differ from the one here.

    Returns:
        Pair of the changes, strings `<recipe>.<key>=<value>` that make the recipe here train the
        same, and a dict of the `metrics` and `cost`.

    Raises:
        SystemExit: If params.yaml or a file is missing.
    """
    folder = root / folder_of(recipe) / recipe
    seed = min((int(path.stem) for path in folder.glob("*.json")), default=0)
    files = files_of(recipe, seed, root)
    own, base = (load_recipe(recipe, seed, where / "params.yaml") for where in (root, Path()))
    return differences(recipe, own, base), files


def differences(section, own, base):
    """Strings `<section>.<key>=<value>` of what differs from base."""
    changed = {key: value for key, value in own.items() if value != base.get(key)}
    return [f"{section}.{key}={json.dumps(changed[key], separators=(',', ':'))}" for key in changed]


def files_of(recipe, seed, root=Path()):
    """Dict of `metrics` and `cost`, the contents of a run's two files."""
    return {key: json.loads(_read(root / path)) for key, path in paths_of_run(recipe, seed).items()}


def paths_of_run(recipe, seed):
    """Dict of `metrics` and `cost` to the path of a run's file."""
    return {
        key: f"{folder_of(recipe, folder)}/{recipe}/{seed}.json"
        for key, folder in (("metrics", DETAILS), ("cost", COSTS))
    }


def _read(path):
    try:
        return Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SystemExit(f"{path} is missing: run the stage first, from the top folder") from None
