"""Reads a model file and the JSON file beside it, and checks what that says."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ferd.classes import CLASSES
from ferd.imaging.framing import Framing

MAX_JSON_BYTES = 10_000_000
LONGEST = 1000  # characters of a message
# A calibrated temperature is near 1. Near 0 logarithms divided by it are infinite.
TEMPERATURES = (0.001, 1000)
# A network's own share of a class divides probabilities. Near 0 they are infinite.
LOWEST_SHARE = 1e-6
# How a tensor names the file that its values lie in, as protobuf writes it.
EXTERNAL = b"\x0a\x08location"


class ModelError(ValueError):
    """A model that cannot be used; the message says why in one line."""

    def __init__(self, message: str) -> None:
        # ONNX Runtime quotes names of the file, which may hold anything.
        text = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in message)
        super().__init__(text if len(text) < LONGEST else f"{text[:LONGEST]} ...")


def read_model(path: Path) -> tuple[bytes, dict[str, Any]]:
    """Reads an ONNX file and the JSON file beside it.

    Args:
        path: The ONNX file.

    Returns:
        Its bytes, and the JSON file's object with defaults for optional keys.

    Raises:
        ModelError: If a file is missing or damaged, a value is not allowed, the JSON file
            describes another model, or the model takes values from further files, which `sha256`
            would not cover.
    """
    content = _read(path)
    facts = _read_facts(path.with_suffix(".json"))
    if hashlib.sha256(content).hexdigest() != facts["sha256"]:
        raise ModelError(f"{path}: is not the model that {path.stem}.json describes (sha256)")
    if EXTERNAL in content:
        raise ModelError(f"{path}: has values in other files; save it as a single file")
    return content, facts


def _read(path: Path) -> bytes:
    try:
        if not path.is_file() and path.exists():
            raise ModelError(f"{path}: the model cannot be read (it is no file)")
        return path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: the model cannot be read ({error.strerror})") from error
    except ValueError as error:  # a NUL in the path
        raise ModelError(f"{path!r}: the model cannot be read ({error})") from error


def _read_facts(path: Path) -> dict[str, Any]:
    content = _read(path)
    if len(content) > MAX_JSON_BYTES:
        raise ModelError(f"{path}: has more than {MAX_JSON_BYTES:,} bytes")
    try:
        facts = json.loads(content)
    except ValueError as error:
        raise ModelError(f"{path}: is not JSON ({error})") from error
    except RecursionError as error:
        raise ModelError(f"{path}: its values are nested too deeply") from error
    if not isinstance(facts, dict):
        raise ModelError(f"{path}: holds no object")
    known: dict[str, Any] = DEFAULTS | facts
    for key, (allows, wanted) in FACTS.items():
        if not allows(known.get(key)):
            value = repr(known.get(key))[:200]
            raise ModelError(f"{path}: '{key}' is {value}; it must be {wanted}")
    return known


def _is_whole(value: Any, low: int, high: int) -> bool:
    return type(value) is int and low <= value <= high


def _is_temperature(value: Any) -> bool:
    return type(value) in (int, float) and TEMPERATURES[0] <= value <= TEMPERATURES[1]


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


def _is_prior(value: Any) -> bool:
    if value is None:
        return True
    if not isinstance(value, dict) or set(value) != set(CLASSES):
        return False
    shares = list(value.values())
    if not all(type(share) in (int, float) and LOWEST_SHARE <= share <= 1 for share in shares):
        return False
    total: float = sum(shares)
    return abs(total - 1) <= 0.001


FACTS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "sha256": (lambda value: isinstance(value, str), "the model file's SHA-256"),
    "classes": (_are_classes, f"a list of {', '.join(CLASSES)} in the model's order"),
    "size": (lambda value: _is_whole(value, 1, 1024), "a whole number from 1 to 1024"),
    "temperature": (_is_temperature, "a number from 0.001 to 1000"),
    "crop_levels": (_are_levels, "a list of one or more whole numbers from 0 to 3"),
    "framing": (_is_framing, "left and top from -2 to 0, right and bottom from 1 to 3"),
    "prior": (_is_prior, f"a share from {LOWEST_SHARE:.6f} to 1 for every class, summing to 1"),
    "metrics": (lambda value: isinstance(value, dict), "an object"),
}
# Defaults of optional keys.
DEFAULTS = {"framing": Framing()._asdict(), "prior": None}
