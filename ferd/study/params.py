"""Reads a stage's section of params.yaml and stops the stage if a value is wrong.

A stage describes its section with one `Spec` per key. A key that is missing, unknown, of the wrong
type or out of range ends the stage with one line that states the key and its valid values.
"""

from dataclasses import dataclass

import yaml


class ParamError(SystemExit):
    """A wrong params.yaml. As a SystemExit it ends a stage with its message and status 1."""


@dataclass(frozen=True)
class Spec:
    """The valid values of one key.

    Args:
        kind: `bool`, `int`, `float` or `str`; of each element where `many` is set.
        low, high: Inclusive bounds of a number, or None.
        choices: Allowed values, or None.
        many: A non-empty list of `kind` without repeats unless `repeats` is set.
        length: Exact length of that list, or None.
        repeats: Whether the list may contain a value twice.
        reason: Why the bounds are what they are, for the message; "" where that is plain.
    """

    kind: type
    low: float | None = None
    high: float | None = None
    choices: tuple | None = None
    many: bool = False
    length: int | None = None
    repeats: bool = False
    reason: str = ""

    def __str__(self):
        text = self.kind.__name__
        if self.choices is not None:
            text = "one of " + ", ".join(map(str, self.choices))
        elif self.low is not None or self.high is not None:
            text += f" from {'-inf' if self.low is None else self.low}"
            text += f" to {'inf' if self.high is None else self.high}"
        if self.many:
            text = f"a list of {self.length or 'one or more'}: each {text}"
            text += "" if self.repeats else ", no value twice"
        return f"{text} ({self.reason})" if self.reason else text

    def allows(self, value):
        """Whether `value` satisfies this spec."""
        if self.many:
            return isinstance(value, list) and self._allows_list(value)
        return self._allows_one(value)

    def _allows_list(self, values):
        if not values or (self.length is not None and len(values) != self.length):
            return False
        if not all(self._allows_one(value) for value in values):
            return False
        return self.repeats or len(set(values)) == len(values)

    def _allows_one(self, value):
        # bool is a subclass of int in Python, and YAML's `yes` is a bool: `epochs: yes` is wrong.
        kinds = (int, float) if self.kind is float else (self.kind,)
        if isinstance(value, bool) != (self.kind is bool) or not isinstance(value, kinds):
            return False
        if self.choices is not None and value not in self.choices:
            return False
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


def check(section, values, specs):
    """Returns `values` if they fit `specs`.

    Args:
        section: The section's name, for the message.
        values: The section as read from YAML.
        specs: Dict of key to `Spec`.

    Raises:
        ParamError: For a missing or unknown key and for a value that its spec does not allow.
    """
    if not isinstance(values, dict):
        raise ParamError(f"params.yaml: section '{section}' is missing or holds no keys")
    for key in values:
        if key not in specs:
            raise ParamError(
                f"params.yaml: unknown key {section}.{key}; allowed: {', '.join(specs)}"
            )
    for key, spec in specs.items():
        if key not in values:
            raise ParamError(f"params.yaml: {section}.{key} is missing; it takes {spec}")
        if not spec.allows(values[key]):
            raise ParamError(f"params.yaml: {section}.{key} is {values[key]!r}; it takes {spec}")
    return values


def load(section, specs, path="params.yaml"):
    """Reads and checks one section of the params file.

    Args:
        section: Its name, the same as the stage's.
        specs: Dict of key to `Spec`.
        path: The params file.

    Returns:
        Dict of key to value.

    Raises:
        ParamError: As in `check`, and for a file that is missing or not YAML.
    """
    try:
        with open(path, encoding="utf-8") as file:
            everything = yaml.safe_load(file)
    except (OSError, ValueError, yaml.YAMLError) as error:
        # A YAML error has several lines.
        raise ParamError(f"{path} cannot be read: {' '.join(str(error).split())}") from error
    if not isinstance(everything or {}, dict):
        raise ParamError(f"{path} holds no sections; it needs '{section}:' and its keys")
    return check(section, (everything or {}).get(section), specs)
