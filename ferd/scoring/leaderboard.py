"""Ranks single models by their cross-validated accuracy."""

import pandas as pd

# PyCaret's scores, in the order of its own table.
SCORES = ("accuracy", "auc", "recall", "precision", "f1", "kappa", "mcc")


def leaderboard(models):
    """A row per model with cross-validated and test scores, best cross-validated first.

    Args:
        models: Dict of model to its scores, as metrics/details/cosine_compare.json has them.
    """
    rows = []
    for name, values in models.items():
        test = {**values, **values["weighted"]}
        rows.append(
            {"model": name, "improved": int(values["improved"])}
            | {f"cross_validated_{key}": values["cross_validated"].get(key) for key in SCORES}
            | {f"test_{key}": test.get(key) for key in SCORES}
        )
    table = pd.DataFrame(rows)
    return table.sort_values("cross_validated_accuracy", ascending=False, kind="stable")
