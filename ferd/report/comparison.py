"""Compares the paper's figures with ours, one by one."""

import pandas as pd

from ferd.report import paper_results
from ferd.scoring.networks import NETWORKS

# Name of a part of the study: the paper's figures, our metrics file and the path in it (a key of
# the file, or none for the file itself).
PARTS = {
    "crop": (paper_results.CROP, "crop", ()),
    "cnn": (paper_results.CNN, "train", ("test",)),
    "voting": (paper_results.VOTING, "automl_voting", ("soft",)),
    "stacking": (paper_results.STACKING, "automl_stacking", ()),
    "uncropped_all": (paper_results.UNCROPPED, "ablation_uncropped", ("test_all",)),
    "uncropped_detected": (paper_results.UNCROPPED, "ablation_uncropped", ("test",)),
}

# Name of a variant: its metrics file and the path of its test scores in it.
VARIANTS = {
    **{name: (network.stage, ("test",)) for name, network in NETWORKS.items()},
    "hard vote": ("automl_voting", ("hard",)),
    "soft vote": ("automl_voting", ("soft",)),
    "stack": ("automl_stacking", ()),
    "hard vote, no SMOTE": ("ablation_smote", ("voting_hard",)),
    "soft vote, no SMOTE": ("ablation_smote", ("voting_soft",)),
    "stack, no SMOTE": ("ablation_smote", ("stacking",)),
    "et, no copies": ("ablation_copies_automl", ("ensembles_only", "et")),
    "soft vote, no copies": ("ablation_copies_automl", ("ensembles_only", "soft")),
    "stack, no copies": ("ablation_copies_automl", ("ensembles_only", "stack")),
}


def compare(metrics):
    """Every figure of the paper with ours.

    Args:
        metrics: Dict of stage to its metrics; a stage that has not run is left out.

    Returns:
        Dict of part to nested dicts whose leaves are `{paper, ours, difference}`.

    Raises:
        KeyError: If a metrics file lacks a figure that the paper has.
    """
    compared = {}
    for part, (paper, stage, place) in PARTS.items():
        if stage in metrics:
            ours = at(metrics[stage], place)
            if "parameters" in paper:
                ours = {**ours, "parameters": metrics[stage]["parameters"]}
            compared[part] = beside(paper, ours)
    return compared


def beside(paper, ours):
    """Compares two nested dicts; our figures that the paper does not have are left out."""
    if isinstance(paper, dict):
        return {key: beside(value, ours[key]) for key, value in paper.items()}
    return {"paper": paper, "ours": ours, "difference": round(ours - paper, 6)}


def compare_variants(metrics):
    """Test scores of each variant, with its difference to the CNN.

    Args:
        metrics: As in `compare`; without `train` there are no differences.

    Returns:
        Dict of variant to faces, accuracy, macro_f1, accuracy_minus_cnn and, for a network,
        parameters.
    """
    variants = {}
    for name, (stage, place) in VARIANTS.items():
        if stage not in metrics or "train" not in metrics:
            continue
        scores = at(metrics[stage], place)
        variants[name] = {
            "faces": scores["faces"],
            "accuracy": scores["accuracy"],
            "macro_f1": scores["macro"]["f1"],
            "accuracy_minus_cnn": scores["accuracy"] - metrics["train"]["test"]["accuracy"],
        }
        if "parameters" in metrics[stage]:
            variants[name]["parameters"] = metrics[stage]["parameters"]
    return variants


def long_table(compared):
    """A row per figure: part, figure (dotted path), paper, ours, difference."""
    rows = [{"part": part, **row} for part, tree in compared.items() for row in _leaves(tree)]
    return pd.DataFrame(rows, columns=["part", "figure", "paper", "ours", "difference"])


def at(tree, place):
    """The subtree at a sequence of keys."""
    for key in place:
        tree = tree[key]
    return tree


def _leaves(tree, path=()):
    if "paper" in tree and not isinstance(tree["paper"], dict):
        yield {"figure": ".".join(path), **tree}
        return
    for key, value in tree.items():
        yield from _leaves(value, (*path, key))
