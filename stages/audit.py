"""Finds copies of test images in train, contradicted labels, and images without a face.

Reads   data/crops.npz, data/ferplus.csv (if audit.ferplus is on)
Writes  data/audit.csv (a row per image), data/test_copies.csv (the train images that
        train.exclude_test_copies leaves out; in its own file, so that a new column of the audit
        makes no training stale), metrics/audit.json, plots/audit/agreement.csv (how often similar
        images have the same label: the reason for audit.near_correlation)
Run     dvc repro audit           (or, from the top folder: python stages/audit.py)
Takes   about 2 minutes on 2 cores: every pair of 35,887 images is compared, and every test image,
        shifted and mirrored, with every train image
Expect  hundreds of test images with an exact copy in train, some with another label; annotators'
        majority labels differ from the label for a third of the images
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.study import params, supervisor
from ferd.study.cost import measure_cost

SPECS = {"near_correlation": params.Spec(float, 0.5, 1.0), "ferplus": params.Spec(bool)}


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    settings = params.load("audit", SPECS)
    with measure_cost("audit"):
        audit(settings)


def audit(settings):
    """Writes all outputs of the stage."""
    import numpy as np
    import pandas as pd

    from ferd.dataset.copies.audit import audit_images, count_audit, with_shifted_copies, with_votes
    from ferd.dataset.copies.copies import label_agreement, similar_pairs
    from ferd.dataset.parts.votes import read_votes
    from ferd.study.results import write_metrics, write_table

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
    write_metrics("metrics/audit.json", count_audit(table))


if __name__ == "__main__":
    supervisor.run(main)
