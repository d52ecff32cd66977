"""Finds copies of test images in train, contradicted labels, and images without a face.

Reads   data/crops.npz, data/ferplus.csv (if audit.ferplus is on)
Writes  data/audit.csv (a row per image), data/test_copies.csv (the train images that
        cosine_copies leaves out, in a file of their own: another column of the audit does not
        make that training stale), metrics/details/audit.json, plots/audit/agreement.csv (how often
        similar images have the same label: the reason for audit.near_correlation),
        plots/audit/images.csv (what docs/verify.py needs to know of each image; git keeps it, and
        no pixel is in it), metrics/cost/audit.json
Run     dvc repro audit           (or, from the top folder: python -m stages.audit)
Takes   about 2 minutes on 2 cores: all pairs of 35,887 images are compared, and every test image,
        shifted and mirrored, is compared with every train image
Expect  hundreds of test images with an exact copy in train, some with another label; annotators'
        majority labels differ from FER2013's label for a third of the images
"""

from ferd.study import stage
from ferd.study.cost import measure_cost
from ferd.study.settings import load

# Columns of data/audit.csv that scores depend on; those of the votes are there with audit.ferplus.
FACTS = ("found", "copy", "shifted_copy", "copy_group", "ferplus", "ferplus_votes")


def main():
    with measure_cost("metrics/cost/audit.json"):
        audit(load("audit"))


def audit(settings):
    """Writes all outputs of the stage."""
    import numpy as np
    import pandas as pd

    from ferd.dataset.copies.audit import audit_images, count_audit, with_shifted_copies, with_votes
    from ferd.dataset.copies.copies import label_agreement, similar_pairs
    from ferd.dataset.parts.votes import read_votes
    from ferd.study.base.results import write_json, write_table

    with np.load("data/crops.npz") as file:
        images, classes = file["whole"], file["classes"]
        names, found = file["names"], file["found"]
    edges = np.r_[np.linspace(0.70, 0.98, 15), 0.999, 1.0]
    pairs = similar_pairs(images, min(edges[0], settings["near_correlation"]))
    near = pairs[pairs["correlation"] >= settings["near_correlation"]]
    table = audit_images(images, names, found, near)
    table = with_shifted_copies(table, images, settings["near_correlation"])
    if settings["ferplus"]:
        table = with_votes(table, read_votes("data/ferplus.csv"))
    agreement = label_agreement(pairs, classes, edges)
    shares = pd.Series(classes).value_counts(normalize=True)
    agreement["chance"] = float((shares**2).sum())
    write_table("data/audit.csv", table)
    copies = table[(table["split"] == "train") & (table["copy"] != "none")].index
    write_table("data/test_copies.csv", pd.DataFrame({"name": names[copies]}))
    write_table("plots/audit/agreement.csv", agreement)
    write_table("plots/audit/images.csv", image_facts(table))
    write_json("metrics/details/audit.json", count_audit(table))


def image_facts(table):
    """One row per image: what recomputing the scores needs beside the predictions.

    Args:
        table: data/audit.csv.

    Returns:
        DataFrame of `name` (`<split>/<class>/<file stem>`, as in the tables of predictions) and
        those of `FACTS` that the audit has.
    """
    facts = table[[name for name in FACTS if name in table]].copy()
    facts.insert(0, "name", table["split"] + "/" + table["class"] + "/" + table["name"])
    return facts


if __name__ == "__main__":
    stage.run(main, __doc__)
