"""Reads a model file and the JSON file beside it, and checks what that says."""

import hashlib
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ferd.classes import CLASSES
from ferd.imaging.framing import Framing


class ModelError(ValueError):
    """A model that cannot be used; the message says why in one line."""


def read_model(path: Path) -> tuple[bytes, dict[str, Any]]:
    """Reads an ONNX file and the JSON file beside it.

    Args:
        path: The ONNX file.

    Returns:
        Its bytes, and the JSON file's object with defaults for optional keys.

    Raises:
        ModelError: If a file is missing or damaged, a value is not allowed, or the JSON file
            describes another model.
    """
    content = _read(path)
    facts = _read_facts(path.with_suffix(".json"))
    if hashlib.sha256(content).hexdigest() != facts["sha256"]:
        raise ModelError(f"{path}: is not the model that {path.stem}.json describes (sha256)")
    return content, facts


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: the model cannot be read ({error.strerror})") from error


def _read_facts(path: Path) -> dict[str, Any]:
    try:
        facts = json.loads(_read(path))
    except ValueError as error:
        raise ModelError(f"{path}: is not JSON ({error})") from error
    if not isinstance(facts, dict):
        raise ModelError(f"{path}: holds no object")
    known: dict[str, Any] = DEFAULTS | facts
    for key, (allows, wanted) in FACTS.items():
        if not allows(known.get(key)):
            raise ModelError(f"{path}: '{key}' is {known.get(key)!r}; it must be {wanted}")
    return known


def _is_whole(value: Any, low: int, high: int) -> bool:
    return type(value) is int and low <= value <= high


def _is_temperature(value: Any) -> bool:
    return type(value) in (int, float) and 0 < value < math.inf


def _are_levels(values: Any) -> bool:
    if not isinstance(values, list) or not values:
        return False
    return all(_is_whole(value, 0, 3) for value in values)


def _are_classes(values: Any) -> bool:
    return isinstance(values, list) and sorted(map(str, values)) == sorted(CLASSES)


def _is_framing(value: Any) -> bool:
    if not isinstance(value, dict) or set(value) != set(Framing._fields):
        return False
    framing = Framing(**value)
    if not all(type(side) in (int, float) for side in framing):
        return False
    return all(-2 <= side <= 0 for side in framing[:2]) and all(1 <= s <= 3 for s in framing[2:])


FACTS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "sha256": (lambda value: isinstance(value, str), "the model file's SHA-256"),
    "classes": (_are_classes, f"a list of {', '.join(CLASSES)} in the model's order"),
    "size": (lambda value: _is_whole(value, 1, 1024), "a whole number from 1 to 1024"),
    "temperature": (_is_temperature, "a number above 0"),
    "crop_levels": (_are_levels, "a list of one or more whole numbers from 0 to 3"),
    "framing": (_is_framing, "left and top from -2 to 0, right and bottom from 1 to 3"),
    "metrics": (lambda value: isinstance(value, dict), "an object"),
}
# Defaults of optional keys.
DEFAULTS = {"framing": Framing()._asdict()}
