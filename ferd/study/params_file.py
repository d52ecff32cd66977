"""Reads params.yaml as DVC does: a stage gets the values that DVC records, compares and shows."""

# DVC's own reader and writer of YAML, installed with it.
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from ferd.study.validated import ParamError


def read_params(path="params.yaml"):
    """The sections of a params file, unchecked.

    PyYAML reads an older YAML: 1e-05, which DVC writes for `-S train.l2=0.00001`, would be a text,
    and 0100 would be 64. Of a key that stands twice it would take the second value.

    Args:
        path: The file.

    Returns:
        Dict of section to what it holds.

    Raises:
        ParamError: If the file cannot be read, is no YAML or holds no sections.
    """
    try:
        with open(path, encoding="utf-8") as file:
            everything = YAML(typ="safe", pure=True).load(file) or {}
    except (OSError, ValueError, YAMLError) as error:
        raise ParamError(f"{path} cannot be read: {_reason(error)}") from error
    if not isinstance(everything, dict):
        raise ParamError(f"{path} holds no sections; it needs '<section>:' and its keys")
    return everything


def _reason(error):
    """One line; a YAML error has several, and some advise to change the reader."""
    if isinstance(error, MarkedYAMLError) and error.problem and error.problem_mark:
        # Of a key that stands twice, both values would follow.
        problem = error.problem.removeprefix("but ").split(" with value ")[0]
        return f"{problem} in line {error.problem_mark.line + 1}"
    return " ".join(str(error).split())
