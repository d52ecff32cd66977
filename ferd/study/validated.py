"""Checks the values of a section by its model, and says in one line what is wrong."""

from pydantic import ValidationError

# Types of pydantic's errors about a key that the model does not have.
UNKNOWN = ("extra_forbidden", "invalid_key")


class ParamError(SystemExit):
    """A wrong params.yaml. As a SystemExit it ends a stage with its message and status 1."""


def validated(model, values, section, path):
    """The values of a section, checked.

    Args:
        model: Subclass of `ferd.study.values.Section`.
        values: Dict of key to value.
        section: Its name, for the message.
        path: The params file, for the message.

    Returns:
        Dict of key to value.

    Raises:
        ParamError: For the first wrong key or value; an unknown key comes first.
    """
    try:
        return model.model_validate(values).model_dump(exclude_unset=True)
    except ValidationError as error:
        # An unknown key comes first: it is often the misspelling of the one that is missing.
        errors = error.errors(include_url=False)
        first = min(errors, key=lambda one: one["type"] not in UNKNOWN)
        raise ParamError(f"{path}: {_message(model, values, section, first)}") from None


def _message(model, values, section, error):
    """One line about the first error of a section."""
    fields = model.model_fields
    if not error["loc"]:
        return f"{section}: {error['ctx']['error']}"
    key = error["loc"][0]
    if error["type"] in UNKNOWN:
        return f"unknown key {section}.{key}; allowed: {', '.join(fields)}"
    takes = f"it takes {fields[key].description}"
    if error["type"] == "missing":
        return f"{section}.{key} is missing; {takes}"
    return f"{section}.{key} is {values[key]!r}; {takes}"
