"""The base model of a section of params.yaml and the types of its keys.

Each type carries the text that states its valid values. Every type is strict: a bool is no int, a
float is no int, a string is no number. An int is accepted for a float.
"""

from functools import partial
from typing import Annotated, get_type_hints

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict, create_model


class Section(BaseModel):
    """A section of params.yaml: every key is required, and no other is allowed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def differences(name, model, base=None, without=(), **required):
    """Makes the model of a section of differences: the keys of `model`, all optional.

    Args:
        name: Name of the new model.
        model: The model whose keys it may have, but for the seed: dvc.yaml has it.
        base: Section whose values come before these, or None. It is the only
            value that the key `base` takes, because dvc.yaml names the sections of a stage.
        without: Keys that are left out as well.
        **required: Types of the keys that the section must have, because the stage is about them.

    Returns:
        Subclass of `Section`.
    """
    kinds = get_type_hints(model, include_extras=True)
    keys = [key for key in model.model_fields if key not in ("seed", *without)]
    fields = {key: (kinds[key], None) for key in keys}
    own = {} if base is None else {"base": choice(base)}
    return create_model(name, __base__=Section, **own, **(fields | required))


def flag():
    """Type of a bool."""
    return Annotated[bool, Strict(), Field(description="bool")]


def integer(low, high=None, reason=""):
    """Type of an int.

    Args:
        low: Lowest value.
        high: Highest value, or None.
        reason: Why the bounds are what they are, for the message; "" where that is plain.
    """
    text = f"int from {low} to {'inf' if high is None else high}"
    return Annotated[
        int, Strict(), Field(ge=low, le=high, description=f"{text} ({reason})" if reason else text)
    ]


def number(low, high):
    """Type of a float with inclusive bounds; NaN is refused."""
    text = f"float from {float(low)} to {float(high)}"
    return Annotated[float, Strict(), Field(ge=low, le=high, allow_inf_nan=False, description=text)]


def choice(*values):
    """Type of a value that is one of `values`, which have one type."""
    text = "one of " + ", ".join(map(str, values))
    return Annotated[
        type(values[0]),
        Strict(),
        AfterValidator(partial(_one_of, values)),
        Field(description=text),
    ]


def many(kind, length=None, repeats=False):
    """Type of a list.

    Args:
        kind: Type of each value, from this module.
        length: Exact length, or None for one or more.
        repeats: Whether the list may hold a value twice.
    """
    text, _, reason = valid_values(kind).partition(" (")
    text = f"a list of {length or 'one or more'}: each {text}"
    text += ("" if repeats else ", no value twice") + (f" ({reason}" if reason else "")
    field = Field(min_length=length or 1, max_length=length, description=text)
    parts = (list[kind], Strict(), field)
    return Annotated[parts if repeats else (*parts, AfterValidator(_unique))]


def valid_values(kind):
    """The text that states the valid values of a type of this module."""
    return next(part.description for part in kind.__metadata__ if hasattr(part, "description"))


def _one_of(values, value):
    if value not in values:
        raise ValueError(f"not one of {values}")
    return value


def _unique(values):
    if len(set(values)) < len(values):
        raise ValueError("a value twice")
    return values


SEED = integer(0, 2**31 - 1)
BATCH_SIZE = integer(1, 65536)
PRECISION = choice("auto", "float32", "bfloat16")
GROUPS = choice("exact", "near")
