"""Builds the audit's table, with one row per image, and counts copies, labels and votes."""

import numpy as np
import pandas as pd

from ferd.classes import CLASSES, SPLITS
from ferd.dataset.copies.copies import BLANK_CONTRAST, contrast, number_groups
from ferd.dataset.copies.shifted_copies import nearest_moved
from ferd.dataset.parts.split import pixel_groups
from ferd.dataset.parts.votes import IMAGES, top_answers


def audit_images(images, names, found, near):
    """One row per image: its facts, and its copies.

    Args:
        images: uint8, shape `(images, height, width)`, whole.
        names: Strings `<split>/<class>/<file stem>`, shape `(images,)`.
        found: Whether dlib found a face, shape `(images,)`.
        near: DataFrame of `ferd.dataset.copies.copies.similar_pairs`.

    Returns:
        DataFrame: `split`, `class`, `name`, `found`, `contrast`, `blank`, `picture` and
        `copy_group` (numbers that identical images, and near copies too, share), `copy` (exact,
        near or none: the closest copy in the other split), `copy_found` (whether dlib found a face
        in one of those copies) and `copy_other_label` (whether one of them has another class).
    """
    table = pd.DataFrame([name.split("/") for name in names], columns=["split", "class", "name"])
    table["found"] = np.asarray(found, int)
    table["contrast"] = contrast(images)
    table["blank"] = (table["contrast"] < BLANK_CONTRAST).astype(int)
    table["picture"] = pixel_groups(images)
    # Identical blank images are copies too, but have no correlation.
    first = table.groupby("picture")["picture"].transform(lambda group: group.index[0])
    same = pd.DataFrame({"first": first, "second": table.index})
    table["copy_group"] = number_groups(len(table), pd.concat([near[["first", "second"]], same]))
    table["copy"] = "none"
    for kind, key in (("near", "copy_group"), ("exact", "picture")):
        copies = _across(table, key)
        table.loc[copies["copies"] > 0, "copy"] = kind
        for column in ("copy_found", "copy_other_label"):
            # Exact copies come last, so that they overwrite near ones.
            table.loc[copies["copies"] > 0, column] = copies[column]
    copies = ["copy_found", "copy_other_label"]
    table[copies] = table[copies].fillna(0).astype(int)
    return table


def _across(table, key):
    """For each image, its copies in the other split: how many, any with a face, any mislabelled."""
    own = table.groupby([key, "split", "class"]).size().unstack("class", fill_value=0)
    own = own.reindex(columns=CLASSES, fill_value=0)
    faces = table.groupby([key, "split"])["found"].max()
    other = {"train": "test", "test": "train"}
    index = pd.MultiIndex.from_arrays([table[key], table["split"].map(other)])
    counts = own.reindex(index, fill_value=0)
    total = counts.sum(axis=1).to_numpy()
    agreeing = counts.to_numpy()[np.arange(len(table)), table["class"].map(CLASSES.index)]
    return pd.DataFrame(
        {
            "copies": total,
            "copy_found": faces.reindex(index, fill_value=0).to_numpy(),
            "copy_other_label": (total > agreeing).astype(int),
        },
        index=table.index,
    )


def with_votes(table, votes):
    """Adds FER+'s annotator votes.

    Args:
        table: From `audit_images`.
        votes: From `ferd.dataset.parts.votes.read_votes`.

    Returns:
        The table with `ferplus` (the class with most votes), `ferplus_votes` and
        `ferplus_majority`.

    Raises:
        SystemExit: If the images' names are not their rows in FER2013.
    """
    numbers = pd.to_numeric(table["name"], errors="coerce")
    strange = table["name"][~(numbers.between(0, IMAGES - 1) & (numbers % 1 == 0))]
    if len(strange) or numbers.duplicated().any():
        example = strange.iloc[0] if len(strange) else table["name"][numbers.duplicated()].iloc[0]
        raise SystemExit(
            "audit.ferplus needs every image named by its row in FER2013, once each; "
            f"'{example}' is not: set audit.ferplus to false"
        )
    top = top_answers(votes.loc[numbers.astype(int)]).set_axis(table.index)
    return table.assign(
        ferplus=top["answer"], ferplus_votes=top["votes"], ferplus_majority=top["majority"]
    )


def with_shifted_copies(table, images, threshold):
    """Marks test images without an exact or near copy that are shifted or mirrored copies.

    Args:
        table: From `audit_images`.
        images: uint8, shape `(images, height, width)`, whole.
        threshold: Least correlation of a shifted copy.

    Returns:
        The table with `shifted_copy` (0 or 1) and `shifted_other_label` (whether that train image
        has another class); both 0 for train images and for test images with an exact or near copy.
    """
    train = np.flatnonzero(table["split"] == "train")
    test = np.flatnonzero((table["split"] == "test") & (table["copy"] == "none"))
    match = nearest_moved(images[test], images[train], threshold)
    moved = match.correlation >= threshold
    classes = table["class"].to_numpy()
    table = table.assign(shifted_copy=0, shifted_other_label=0)
    table.loc[test, "shifted_copy"] = moved.astype(int)
    other = moved & (classes[train[match.index]] != classes[test])
    table.loc[test, "shifted_other_label"] = other.astype(int)
    return table


def count_audit(table):
    """Counts copies, labels and votes, as nested dicts of numbers.

    Args:
        table: From `with_shifted_copies`, with or without votes.

    Returns:
        Dict: `images`, `blank`; `exact` and `near` (groups of copies); `test` and `test_detected`
        (images with a copy in train, per class too); with votes `ferplus`.
    """
    counts = {"images": len(table), "blank": int(table["blank"].sum())}
    counts["exact"] = _count_groups(table, "picture")
    counts["near"] = _count_groups(table, "copy_group")
    test = table[table["split"] == "test"]
    counts["test"] = _count_copies(test)
    counts["test_detected"] = _count_copies(test[test["found"] == 1])
    counts["train_with_a_copy_in_test"] = int(
        (table["copy"][table["split"] == "train"] != "none").sum()
    )
    if "ferplus" in table:
        counts["ferplus"] = _count_votes(table)
    return counts


def _count_groups(table, key):
    sizes = table.groupby(key)["class"].agg(["size", "nunique"])
    sizes = sizes[sizes["size"] > 1]
    return {
        "groups": len(sizes),
        "images": int(sizes["size"].sum()),
        "largest": int(sizes["size"].max()) if len(sizes) else 0,
        "groups_of_several_labels": int((sizes["nunique"] > 1).sum()),
    }


def _count_copies(test):
    copies = test[test["copy"] != "none"]
    counts = {"images": len(test)}
    for kind in ("exact", "near"):
        of_kind = test[test["copy"] == kind]
        counts[kind] = len(of_kind)
        counts[f"{kind}_other_label"] = int(of_kind["copy_other_label"].sum())
    for column in ("shifted_copy", "shifted_other_label"):
        counts[column] = int(test[column].sum())
    counts["copy_share"] = len(copies) / len(test)
    counts["per_class"] = {name: int((copies["class"] == name).sum()) for name in CLASSES}
    return counts


def _count_votes(table):
    agrees = table["ferplus"] == table["class"]
    counts = {
        "agrees": agrees.mean(),
        "tie": (table["ferplus"] == "tie").mean(),
        "majority_of_seven": (table["ferplus_majority"] != "").mean(),
        "no_face": int((table["ferplus"] == "no_face").sum()),
        "no_face_but_detected": int(
            ((table["ferplus"] == "no_face") & (table["found"] == 1)).sum()
        ),
        "mean_top_votes": table["ferplus_votes"].mean(),
    }
    counts["agrees_per_class"] = {name: agrees[table["class"] == name].mean() for name in CLASSES}
    counts["agrees_per_split"] = {name: agrees[table["split"] == name].mean() for name in SPLITS}
    counts["agrees_detected"] = agrees[table["found"] == 1].mean()
    counts["agrees_not_detected"] = agrees[table["found"] == 0].mean()
    return counts
