"""Scores tables of predictions part by part, and compares models on the same faces."""

import numpy as np

from ferd.classes import CLASSES
from ferd.scoring.evaluation import score_part
from ferd.scoring.uncertainty import compare_pairs


def part_accuracies(table, parts):
    """Accuracy on each part of the test set for which the table has all images.

    Args:
        table: DataFrame of `ferd.study.base.results.prediction_table`.
        parts: Dict of part to the set of its images' names.

    Returns:
        Dict of part to accuracy.
    """
    right = (table["actual"] == table["predicted"]).to_numpy()
    return {part: float(right[rows].mean()) for part, rows in whole_parts(table["name"], parts)}


def whole_parts(names, parts):
    """The non-empty parts whose images are all among `names`.

    Args:
        names: Series of image names.
        parts: Dict of part to the set of its images' names.

    Yields:
        `(part, rows)`: rows is bool, shape `(images,)`, and marks the part's names.
    """
    for part, members in parts.items():
        rows = names.isin(members).to_numpy()
        if members and rows.sum() == len(members):
            yield part, rows


def averaged(tables):
    """The average of several networks: the class with the highest mean probability.

    Args:
        tables: DataFrames of `ferd.study.base.results.prediction_table`, of the same images in one
            order.

    Returns:
        The first table with the ensemble's prediction as `predicted`.

    Raises:
        ValueError: If the tables are of different images.
    """
    names = tables[0]["name"]
    if any(not table["name"].equals(names) for table in tables):
        raise ValueError("the tables are of different images")
    columns = [f"p_{name}" for name in CLASSES]
    mean = np.mean([table[columns].to_numpy() for table in tables], axis=0)
    return tables[0].assign(predicted=np.array(CLASSES)[mean.argmax(axis=1)])


def compare_averaged(tables, others, parts, groups, draws, seed):
    """Scores the networks' average and compares it with other models, on the same faces.

    Args:
        tables: DataFrames of the networks, as in `averaged`; the first is `cnn`.
        others: Dict of model to such a DataFrame, with every image of the networks'.
        parts: Dict of part to the set of its images' names.
        groups: Series of image name to the number of its group of copies.
        draws, seed: As in `ferd.scoring.uncertainty.accuracy_interval`.

    Returns:
        Dict of part, as far as the tables have it whole, to the scores of
        `ferd.scoring.evaluation.score_part` with `tests`: of
        `ferd.scoring.uncertainty.compare_pairs`, the average (`cnns`) minus `cnn` and minus each
        other model.
    """
    together = averaged(tables)
    models = {"cnns": together, "cnn": tables[0], **others}
    pairs = [("cnns", name) for name in models if name != "cnns"]
    tests = compare_models(models, pairs, parts, groups, draws, seed)
    return {
        part: score_table(together[rows], groups, draws, seed) | {"tests": tests[part]}
        for part, rows in whole_parts(together["name"], parts)
    }


def compare_models(models, pairs, parts, groups, draws, seed):
    """Tests pairs of models on the same faces.

    Args:
        models: Dict of model to DataFrame of `ferd.study.base.results.prediction_table`; the first
            one's images are used, and every other table has all of them, in any order.
        pairs: Tuples of two models.
        parts: Dict of part to the set of its images' names.
        groups, draws, seed: As in `score_table`.

    Returns:
        Dict of part, as far as the first table has it whole, to
        `ferd.scoring.uncertainty.compare_pairs`.
    """
    first = next(iter(models.values())).set_index("name")
    right = {
        name: (table.set_index("name")["predicted"].loc[first.index] == first["actual"]).to_numpy()
        for name, table in models.items()
    }
    found = {}
    for part, rows in whole_parts(first.index.to_series(), parts):
        chosen = {name: values[rows] for name, values in right.items()}
        members = groups.loc[first.index[rows]].to_numpy()
        found[part] = compare_pairs(chosen, members, pairs, draws, seed)
    return found


def score_table(table, groups, draws, seed):
    """`ferd.scoring.evaluation.score_part` of all images of a table.

    Args:
        table: DataFrame of `ferd.study.base.results.prediction_table`.
        groups: Series of image name to the number of its group of copies.
        draws, seed: As in `ferd.scoring.uncertainty.accuracy_interval`.
    """
    members = groups.loc[table["name"]].to_numpy()
    actual, given = table["actual"].to_numpy(), table["predicted"].to_numpy()
    return score_part(actual, given, members, draws, seed)
