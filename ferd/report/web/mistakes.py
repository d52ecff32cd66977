"""Lists a model's most confident mistakes, by true and predicted class."""

from ferd.classes import CLASSES


def surest_mistakes(table, count):
    """The mistakes with the highest confidence for every pair of classes.

    Args:
        table: DataFrame of `ferd.study.base.results.prediction_table`: `name`, `actual`,
            `predicted` and `p_<class>`.
        count: Most mistakes per pair.

    Returns:
        Dict of (actual, predicted), in the classes' order and only where there is a mistake, to a
        DataFrame of those rows with `confidence`, the highest first, equal ones by name.
    """
    wrong = table[table["actual"] != table["predicted"]]
    confidence = wrong[[f"p_{name}" for name in CLASSES]].max(axis=1)
    wrong = wrong.assign(confidence=confidence)
    wrong = wrong.sort_values(["confidence", "name"], ascending=[False, True])
    pairs = [(actual, predicted) for actual in CLASSES for predicted in CLASSES]
    groups = {pair: rows.head(count) for pair, rows in wrong.groupby(["actual", "predicted"])}
    return {pair: groups[pair] for pair in pairs if pair in groups}
