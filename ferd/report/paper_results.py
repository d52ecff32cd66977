"""The paper's results, in the format of our metrics files, for comparison.

Source: "Multi-Class Emotion Classification through Visual Content Analysis Using Deep Learning
Techniques" (F. O. Robu, S. Moldovanu, I.-D. Moldovanu). Where the paper contradicts itself,
the tables' figure is used here and the other one is in `CONTRADICTIONS`.
"""

from ferd.classes import CLASSES


def _per_class(*rows):
    keys = ("precision", "recall", "f1", "support")
    return {
        name: dict(zip(keys, row, strict=True)) for name, row in zip(CLASSES, rows, strict=True)
    }


def _average(precision, recall, f1):
    return {"precision": precision, "recall": recall, "f1": f1}


CROP = {
    "images": 35887,
    "found": 26933,
    "train": {
        "found": 21579,
        "found_per_class": dict(
            zip(CLASSES, (2981, 352, 2798, 5917, 3940, 3015, 2576), strict=True)
        ),
    },
    "test": {
        "found": 5354,
        "found_per_class": dict(zip(CLASSES, (714, 90, 710, 1506, 994, 714, 626), strict=True)),
    },
}

# Table I's total, and Table II.
CNN = {
    "parameters": 4049671,
    "accuracy": 0.6672,
    "macro": _average(0.62, 0.65, 0.63),
    "weighted": _average(0.67, 0.67, 0.67),
    "per_class": _per_class(
        (0.59, 0.53, 0.55, 714),
        (0.47, 0.78, 0.59, 90),
        (0.54, 0.43, 0.48, 710),
        (0.88, 0.86, 0.87, 1506),
        (0.60, 0.65, 0.62, 994),
        (0.49, 0.52, 0.50, 714),
        (0.75, 0.82, 0.78, 626),
    ),
}

# Table III, and the voting columns of the per-class table.
VOTING = {
    "accuracy": 0.6713,
    "auc": 0.9121,
    "kappa": 0.5985,
    "mcc": 0.5987,
    "macro": _average(0.68, 0.63, 0.64),
    "weighted": _average(0.6760, 0.6713, 0.6723),
    "per_class": _per_class(
        (0.55, 0.59, 0.57, 714),
        (0.90, 0.52, 0.66, 90),
        (0.53, 0.48, 0.50, 710),
        (0.88, 0.86, 0.87, 1506),
        (0.61, 0.63, 0.62, 994),
        (0.48, 0.53, 0.50, 714),
        (0.80, 0.78, 0.79, 626),
    ),
}

# Table IV, and the stacking columns of the per-class table.
STACKING = {
    "accuracy": 0.6726,
    "auc": 0.8990,
    "kappa": 0.5997,
    "mcc": 0.6000,
    "macro": _average(0.68, 0.62, 0.64),
    "weighted": _average(0.6754, 0.6726, 0.6725),
    "per_class": _per_class(
        (0.54, 0.59, 0.56, 714),
        (0.90, 0.51, 0.65, 90),
        (0.53, 0.47, 0.50, 710),
        (0.87, 0.87, 0.87, 1506),
        (0.60, 0.64, 0.62, 994),
        (0.50, 0.51, 0.50, 714),
        (0.80, 0.78, 0.79, 626),
    ),
}

# "About 64%"; the paper does not say on which images.
UNCROPPED = {"accuracy": 0.64}

CONTRADICTIONS = (
    "CNN accuracy: 0.6672 on 5,354 test faces in Table II and the closing text; 0.6718 on 4,975 "
    "in the text.",
    "Kappa and MCC: 0.5985 and 0.5987 (voting), 0.5997 and 0.6000 (stacking) in the tables; "
    "0.5935 and 0.5935, 0.5915 and 0.5916 in the conclusions.",
    "Disgust under the ensembles: precision 0.90 and recall 0.51-0.52 in the tables; "
    "0.92-0.94 and 0.51-0.54 in the conclusions.",
)
