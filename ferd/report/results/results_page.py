"""Writes docs/results.md: the study's main results on one page."""

from ferd.report.claims import VERDICT_PARTS, verdict_table
from ferd.report.findings.all_findings import NOTE
from ferd.report.number_text import ALPHA
from ferd.report.results.results_annotators import annotators_part
from ferd.report.results.results_limits import limits
from ferd.report.results.results_tables import (
    LETTER,
    OURS,
    accuracy_table,
    class_table,
    ensembles_table,
)

INTRODUCTION = (
    "This study repeats a [published paper](../CITATION.cff) on the FER2013 images: it crops the "
    "faces, trains a convolutional network (CNN) on them, and combines classifiers of the CNN's "
    f'features by voting and stacking. "{LETTER}" is the run `train`: the paper\'s settings, and '
    "Keras' defaults or usual values where the paper gives none. "
    f'"{OURS}" is the run `cosine`: the same network without class weights, for a fixed number of '
    "epochs, with a learning rate that rises and then falls to 0 along a cosine. Some runs were "
    "repeated from other seeds. Voting and stacking to the letter use the features of `train`, and "
    "hyperparameters of which some are tuned; those of our recipe use the features of the first "
    "run of `cosine`, and PyCaret's default hyperparameters.",
    "Intervals are 95% intervals for new seeds and new test faces (clustered two ways: by seed, "
    "and by group of copies). A seed sets a run's initial weights, order of faces, augmentation "
    'and dropout. "(one run)", or 1 seed, means that the interval is for new faces only. A copy '
    "is a training image that shows the same picture as a test image: identical, nearly "
    "identical, shifted or mirrored.",
)
LINKS = (
    "- [All tables](tables.md): every figure of the paper, the ablations, what each stage took.",
    "- [Tests, intervals and calibration](report.md)",
    "- [Findings in words](findings.md)",
    "- [What the paper leaves open](reproduction.md), and what was chosen",
    "- [Everything that was tried](experiments.md)",
    "- [Speed](performance.md)",
    "- To check this page: `make verify` computes its tables again from the predictions in "
    "`plots/`, with code of its own.",
)


def results_document(metrics):
    """docs/results.md.

    Args:
        metrics: From `ferd.study.details.read_details`; what has not run is called so.
    """
    parts = ["# Results", NOTE, *INTRODUCTION]
    parts += claims_part(metrics.get("claims", {}))
    parts += accuracy_part(metrics)
    parts += annotators_part(metrics.get("agreement", {}))
    parts += ["## What this study cannot say", "\n".join(limits(metrics))]
    return "\n\n".join([*parts, "## More", "\n".join(LINKS)]) + "\n"


def claims_part(claims):
    """Paragraphs: a verdict on each claim of the paper, on all faces and on those without a copy.

    Args:
        claims: metrics/details/claims.json; empty if it has not been written.
    """
    parts = [
        "## The paper's claims",
        "A point is a percentage point of accuracy: of the model that a claim names first, minus "
        "that of the other, or with a method minus without it. Reproduced: the whole interval of "
        f"the difference is on the claimed side, and a test rules chance out (p below {ALPHA}, "
        "corrected for the number of claims). Not reproduced: the interval and the test rule out "
        "the claimed order, or for cropping the claimed size. Not decidable at this size: neither; "
        "more faces or seeds would be needed. Because of the correction a claim can be so although "
        "its whole interval is on one side. A verdict from one run may change with another seed. "
        "Not run: no such model was trained in this way. "
        "SMOTE adds artificial examples of the rare classes, so the balanced "
        "accuracy (the mean of the classes' recalls) decides on it. CBAM is an attention module. "
        "Differential augmentation changes faces of the rare classes more strongly.",
    ]
    labels = ("All detected test faces", "Test faces without any copy in train")
    for part, label in zip(VERDICT_PARTS, labels, strict=True):
        parts += [f"{label}{_faces(claims, part)}:", verdict_table(claims, part)]
    return parts


def accuracy_part(metrics):
    """Paragraphs: accuracies of all models, then each class and each figure beside the paper's.

    Args:
        metrics: As in `results_document`.
    """
    return [
        "## Accuracy on the paper's test set",
        "The test set is the faces that dlib finds in our copy of the paper's test images, of "
        "which some may be others than the paper's (see the last section). Each figure is the "
        "mean over the seeds. The paper gives no intervals; those in its rows follow from its "
        "number of test faces. `improved` is our residual network.",
        accuracy_table(metrics),
        "## The CNN, class by class",
        "Beside the paper's Table II. Faces: those of our test set, on which our figures are the "
        "mean over the seeds. Macro: the mean over the classes.",
        class_table(metrics),
        "## Voting and stacking",
        "Beside the paper's Tables III and IV. AUC: the area under the ROC curve. MCC: Matthews' "
        "correlation coefficient. Kappa: agreement beyond chance. Weighted: the mean over the "
        "classes by their number of faces.",
        ensembles_table(metrics),
    ]


def _faces(claims, part):
    """The number of a part's faces in brackets, as far as a family of runs has it."""
    counts = [
        model["faces"]
        for family in claims.values()
        for model in family.get(part, {}).get("accuracy", {}).values()
    ]
    return f" ({counts[0]:,})" if counts else ""
