"""Compares the paper's figures with ours, one by one."""

import pandas as pd

from ferd.report import paper_results
from ferd.report.model_names import TO_THE_LETTER
from ferd.scoring import families
from ferd.scoring.networks import NETWORKS

# Name of a part of the study: the paper's figures, our stage or run and the path in its scores.
PARTS = {
    "crop": (paper_results.CROP, "crop", ()),
    "cnn": (paper_results.CNN, "train", ("test",)),
    "voting": (paper_results.VOTING, "automl_voting", ("soft",)),
    "stacking": (paper_results.STACKING, "automl_stacking", ("stack",)),
    "uncropped_all": (paper_results.UNCROPPED, "cosine_uncropped", ("test_all",)),
    "uncropped_detected": (paper_results.UNCROPPED, "cosine_uncropped", ("test",)),
}

# Name of a variant: its run and the path of its test scores. Those to the letter first.
VARIANTS = {
    **{
        f"{name}{TO_THE_LETTER}": (run, ("test",))
        for name, run in families.NETWORKS["letter"].items()
        if run not in families.NETWORKS["cosine"].values()
    },
    f"hard vote{TO_THE_LETTER}": ("automl_voting", ("hard",)),
    f"soft vote{TO_THE_LETTER}": ("automl_voting", ("soft",)),
    f"stack{TO_THE_LETTER}": ("automl_stacking", ("stack",)),
    f"hard vote, no SMOTE{TO_THE_LETTER}": ("ablation_smote", ("hard",)),
    f"soft vote, no SMOTE{TO_THE_LETTER}": ("ablation_smote", ("soft",)),
    f"stack, no SMOTE{TO_THE_LETTER}": ("ablation_smote", ("stack",)),
    **{name: (network.stage, ("test",)) for name, network in NETWORKS.items()},
    "cnn, balanced class weights": ("cosine_balanced", ("test",)),
    "hard vote": ("cosine_voting", ("hard",)),
    "soft vote": ("cosine_voting", ("soft",)),
    "stack": ("cosine_stacking", ("stack",)),
    "hard vote, no SMOTE": ("cosine_smote", ("hard",)),
    "soft vote, no SMOTE": ("cosine_smote", ("soft",)),
    "stack, no SMOTE": ("cosine_smote", ("stack",)),
    "et, no copies": ("cosine_copies_automl", ("ensembles_only_et",)),
    "soft vote, no copies": ("cosine_copies_automl", ("ensembles_only_soft",)),
    "stack, no copies": ("cosine_copies_automl", ("ensembles_only_stack",)),
}


def compare(details):
    """Every figure of the paper with ours.

    Args:
        details: From `ferd.study.details.read_details`; what has not run is left out.

    Returns:
        Dict of part to nested dicts whose leaves are `{paper, ours, difference}`.

    Raises:
        KeyError: If a file lacks a figure that the paper has.
    """
    compared = {}
    for part, (paper, stage, place) in PARTS.items():
        if stage in details:
            ours = at(details[stage], _known(details[stage], place))
            if "parameters" in paper:
                ours = {**ours, "parameters": details[stage]["parameters"]}
            compared[part] = beside(paper, ours)
    return compared


def _known(scores, place):
    """The place, or that of the detected faces where a face was found in every test image."""
    return ("test",) if place == ("test_all",) and "test_all" not in scores else place


def beside(paper, ours):
    """Compares two nested dicts; our figures that the paper does not have are left out."""
    if isinstance(paper, dict):
        return {key: beside(value, ours[key]) for key, value in paper.items()}
    return {"paper": paper, "ours": ours, "difference": round(ours - paper, 6)}


def compare_variants(details):
    """Test scores of each variant, with its difference to the CNN of the same settings.

    Args:
        details: As in `compare`; variants of a CNN that is not there are left out.

    Returns:
        Dict of variant to faces, accuracy, macro_f1, accuracy_minus_cnn and, for a network,
        parameters.
    """
    variants = {}
    for name, (stage, place) in VARIANTS.items():
        cnn = "train" if name.endswith(TO_THE_LETTER) else "cosine"
        if stage not in details or cnn not in details:
            continue
        scores = at(details[stage], place)
        variants[name] = {
            "faces": scores["faces"],
            "accuracy": scores["accuracy"],
            "macro_f1": scores["macro"]["f1"],
            "accuracy_minus_cnn": scores["accuracy"] - details[cnn]["test"]["accuracy"],
        }
        if "parameters" in details[stage]:
            variants[name]["parameters"] = details[stage]["parameters"]
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
