"""dvc.yaml as DVC reads it: a stage with a matrix stands for one stage per combination."""

import itertools
import re

import yaml


def expanded(stages, parameters):
    """The stages by the names dvc.lock gives them.

    Args:
        stages: `stages` of dvc.yaml.
        parameters: All of params.yaml.

    Returns:
        Dict of name (`stage`, or `stage@value-value` for each combination of a matrix) to stage.
    """
    found = {}
    for name, stage in stages.items():
        matrix = stage.get("matrix")
        if matrix is None:
            found[name] = filled_in(stage, parameters)
            continue
        rest = yaml.safe_dump({key: value for key, value in stage.items() if key != "matrix"})
        lists = [looked_up(values, parameters) for values in matrix.values()]
        for values in itertools.product(*lists):
            text = rest
            for key, value in zip(matrix, values, strict=True):
                text = text.replace(f"${{item.{key}}}", str(value))
            filled = filled_in(yaml.safe_load(text), parameters)
            found[f"{name}@{'-'.join(map(str, values))}"] = filled
    return found


def filled_in(stage, parameters):
    """A stage with `${section.key}` and `${section.key[number]}` replaced by what stands there."""

    def value(found):
        section, key, number = found.groups()
        values = parameters[section][key]
        return str(values if number is None else values[int(number)])

    text = re.sub(r"\$\{(\w+)\.(\w+)(?:\[(\d+)\])?\}", value, yaml.safe_dump(stage))
    return yaml.safe_load(text)


def looked_up(values, parameters):
    """A matrix's list, given as such or as `${section.key}`."""
    if isinstance(values, str):
        section, key = values.removeprefix("${").removesuffix("}").split(".")
        return parameters[section][key]
    return values
