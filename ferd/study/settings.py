"""Reads settings from params.yaml and stops the stage if one is wrong.

A key that is missing, unknown, of the wrong type or out of range ends the stage with one line that
states the key and its valid values.
"""

from pathlib import Path

from ferd.study.ensemble_sections import ENSEMBLE_CHANGES, ENSEMBLES
from ferd.study.params_file import read_params
from ferd.study.pipeline import expand, read_pipeline
from ferd.study.recipe_sections import FURTHER, RECIPES, RunRecipe
from ferd.study.sections import SECTIONS
from ferd.study.train_sections import CHANGES, VARIANT, TrainRun
from ferd.study.validated import ParamError, validated


def load(section, path="params.yaml"):
    """Reads and checks one section.

    Args:
        section: Its name.
        path: The params file.

    Returns:
        Dict of key to value; of a section of differences, the keys that it has.

    Raises:
        ParamError: If the file is missing or not YAML, or the section lacks a key, has an unknown
            one or a value that its model does not allow.
    """
    return _section(read_params(path), section, path)


def load_training(*sections, seed=None, fold=None, path="params.yaml"):
    """Reads and checks the settings of a training of the paper's CNN.

    Args:
        *sections: Sections after `train`; a later one overrides an earlier one.
        seed: The run's seed; None for `train.seed`.
        fold: The run's validation fold; None for `train.validation_fold`.
        path: The params file.

    Returns:
        The merged settings, a dict of key to value, and the changes of another kind: a dict with
        any of the keys uncropped, cbam and augment, each with its settings.

    Raises:
        ParamError: As `load`, and for values that do not fit each other.
    """
    return _training(read_params(path), sections, seed, fold, path)


def load_recipe(name, seed, path="params.yaml"):
    """Reads and checks the recipe of a run: `recipe`, its bases, its own section and the seed.

    Args:
        name: The recipe's section.
        seed: The run's seed, which dvc.yaml gives.
        path: The params file.

    Returns:
        Dict of key to value.

    Raises:
        ParamError: As `load`, and for values that do not fit each other.
    """
    return _recipe(read_params(path), name, seed, path)


def load_ensemble(section, *changes, seed=None, path="params.yaml"):
    """Reads and checks the settings of a fit: `automl`, its own section and sections of changes.

    Args:
        section: automl_compare, automl_voting or automl_stacking.
        *changes: Sections whose values come last, such as "ablation_smote".
        seed: The fit's seed; None for `automl.seed`.
        path: The params file.

    Returns:
        Dict of key to value.

    Raises:
        ParamError: As `load`, and for values that do not fit each other.
    """
    settings = _ensemble(read_params(path), section, changes, path)
    return settings if seed is None else settings | {"seed": seed}


def check_all(path="params.yaml"):
    """Checks every section, the merged settings of every run, and that no section is unknown.

    Raises:
        ParamError: As `load`, `load_recipe` and `load_ensemble`, and for an unknown section.
    """
    everything = read_params(path)
    variants = _further_variants(path)
    known = [*SECTIONS, *_further_recipes(path), *variants]
    for section in everything:
        if section not in known:
            raise ParamError(f"{path}: unknown section '{section}'; allowed: {', '.join(known)}")
    for section in known:
        _section(everything, section, path, VARIANT if section in variants else FURTHER)
    for sections in _variant_sections(path):
        _training(everything, sections, None, None, path)
    for name in (*RECIPES, *_further_recipes(path)):
        # Those of a GPU are checked when they are trained: `dvc repro` trains none of them, and
        # their rules would bind the sections that they are based on.
        if not name.endswith("_gpu"):
            _recipe(everything, name, 0, path)
    _ensemble(everything, "automl_compare", (), path)
    for section in ("automl_voting", "automl_stacking"):
        for changes in ((), *((change,) for change in ENSEMBLE_CHANGES)):
            _ensemble(everything, section, changes, path)
        _check_compared(everything, section, path)


def _further_recipes(path):
    """Sections that dvc.yaml, beside params.yaml, names as recipes and `RECIPES` does not list."""
    names = dict.fromkeys(words[0] for words in _arguments("train_recipe", path))
    return [name for name in names if name not in RECIPES]


def _further_variants(path):
    """Sections that dvc.yaml names as variants of the paper's network and `SECTIONS` lacks."""
    names = dict.fromkeys(name for sections in _variant_sections(path) for name in sections)
    return [name for name in names if name not in SECTIONS]


def _variant_sections(path):
    """The sections after `train` of each training of the paper's network: those after its run."""
    scripts = ("train", "train_search", "ablation_cbam", "ablation_augment")
    found = [words for script in scripts for words in _arguments(script, path)]
    # The options, --seed and --fold, stand last.
    sections = [" ".join(words).split(" --")[0].split()[1:] for words in found]
    return [tuple(one) for one in sections]


def _arguments(script, path):
    """The arguments of each stage that runs a script, in the dvc.yaml beside params.yaml."""
    pipeline = Path(path).with_name("dvc.yaml")
    if not pipeline.exists():
        return []
    commands = [stage["cmd"].split() for stage in expand(read_pipeline(pipeline)).values()]
    return [words[3:] for words in commands if words[2] == f"stages.{script}"]


def _section(everything, section, path, further=FURTHER):
    values = everything.get(section)
    if not isinstance(values, dict):
        raise ParamError(f"{path}: section '{section}' is missing or holds no keys")
    return validated(SECTIONS.get(section, further), values, section, path)


def _training(everything, sections, seed, fold, path):
    merged, changes = _section(everything, "train", path), {}
    for section in sections:
        values = _section(everything, section, path, VARIANT)
        if section in CHANGES:
            kind = CHANGES[section][1]
            changes[kind] = changes.get(kind, {}) | values
        else:
            merged |= values
    given = {"seed": seed, "validation_fold": fold}
    merged |= {key: value for key, value in given.items() if value is not None}
    return validated(TrainRun, merged, " + ".join(("train", *sections)), path), changes


def _recipe(everything, name, seed, path):
    model = RECIPES[name][1] if name in RECIPES else RunRecipe
    layers, section = [], name
    while section != "recipe":
        values = _section(everything, section, path)
        section = values.pop("base", "recipe")
        layers.append(values)
    merged = _section(everything, "recipe", path)
    for values in reversed(layers):
        merged |= values
    return validated(model, merged | {"seed": seed}, name, path)


def _ensemble(everything, section, changes, path):
    merged = {}
    for one in ("automl", section, *changes):
        merged |= _section(everything, one, path)
    return validated(ENSEMBLES[section], merged, section, path)


def _check_compared(everything, section, path):
    """Refuses a model that automl_compare does not compare: no hyperparameters exist for it."""
    compared = everything["automl_compare"]["models"]
    absent = [name for name in everything[section]["models"] if name not in compared]
    if absent:
        raise ParamError(
            f"{path}: {section}.models has {', '.join(absent)}; add it to automl_compare.models"
        )
