"""The constants that docs/verify.py needs, the runs of each table, and what the runs predicted."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

CLASSES = ("angry", "disgust", "fear", "happy", "neutral", "sad", "surprise")
COLUMNS = [f"p_{name}" for name in CLASSES]

# The paper's constants (its Tables II to IV and its claims).
PAPER_FACES = 5354
PAPER_ACCURACY = {"CNN": 0.6672, "voting": 0.6713, "stacking": 0.6726}
PAPER_MACRO = {  # precision, recall, F1
    **{"CNN": (0.62, 0.65, 0.63), "voting": (0.68, 0.63, 0.64), "stacking": (0.68, 0.62, 0.64)},
}
PAPER_CLASSES = {  # Table II: precision, recall, F1
    **{"angry": (0.59, 0.53, 0.55), "disgust": (0.47, 0.78, 0.59), "fear": (0.54, 0.43, 0.48)},
    **{"happy": (0.88, 0.86, 0.87), "neutral": (0.60, 0.65, 0.62), "sad": (0.49, 0.52, 0.50)},
    "surprise": (0.75, 0.82, 0.78),
}
PAPER_FIGURES = {  # Tables III and IV: voting, stacking
    **{"accuracy": (0.6713, 0.6726), "AUC": (0.9121, 0.8990)},
    **{"weighted recall": (0.6713, 0.6726), "weighted precision": (0.6760, 0.6754)},
    **{"weighted F1": (0.6723, 0.6725), "kappa": (0.5985, 0.5997), "MCC": (0.5987, 0.6000)},
}
PAPER_F1 = {  # F1 by class: voting, stacking
    **{"angry": (0.57, 0.56), "disgust": (0.66, 0.65), "fear": (0.50, 0.50)},
    **{"happy": (0.87, 0.87), "neutral": (0.62, 0.62), "sad": (0.50, 0.50)},
    "surprise": (0.79, 0.79),
}


class Claim(NamedTuple):
    """A row of the claims: two models, what is claimed of the first, and what the paper reports."""

    text: str
    first: str
    second: str
    sign: int
    paper: tuple
    least: float = 0.0
    balanced: bool = False


CLAIMS = (
    Claim("Voting is better than the CNN.", "voting", "cnn", 1, ("{:+.2f}", 67.13 - 66.72)),
    Claim("Stacking is better than the CNN.", "stacking", "cnn", 1, ("{:+.2f}", 67.26 - 66.72)),
    Claim("Stacking is better than voting.", "stacking", "voting", 1, ("{:+.2f}", 67.26 - 67.13)),
    Claim(
        "Cropping helps (the same faces, as crops or whole).",
        *("cnn", "whole", 1, ("more than {:.0f}", 3)),
        least=0.03,
    ),
    Claim("CBAM lowers accuracy.", "cbam", "cnn", -1, ("lower",)),
    Claim("Differential augmentation lowers accuracy.", "augment", "cnn", -1, ("lower",)),
    Claim(
        "SMOTE helps voting (balanced accuracy).",
        *("voting", "voting, no SMOTE", 1, ("higher",)),
        balanced=True,
    ),
    Claim(
        "SMOTE helps stacking (balanced accuracy).",
        *("stacking", "stacking, no SMOTE", 1, ("higher",)),
        balanced=True,
    ),
)
# The runs of each column of the claims, by model. An ensemble is compared with the run of the CNN
# that gave its features, and so is its pair with another ensemble.
LETTERS_VOTING, LETTERS_STACKING = (
    "automl_voting/predictions_soft",
    "automl_stacking/predictions_stack",
)
VOTING, STACKING = "cosine_voting/predictions_soft", "cosine_stacking/predictions_stack"
FAMILIES = {
    "to the letter": {
        **{"cnn": "train", "whole": "ablation_uncropped", "cbam": "ablation_cbam"},
        **{"augment": "ablation_augment", "voting": LETTERS_VOTING, "stacking": LETTERS_STACKING},
        "voting, no SMOTE": "ablation_smote/predictions_soft",
        "stacking, no SMOTE": "ablation_smote/predictions_stack",
    },
    "our recipe": {
        **{"cnn": "cosine", "whole": "cosine_uncropped", "cbam": "cosine_cbam"},
        **{"augment": "cosine_augment", "voting": VOTING, "stacking": STACKING},
        "voting, no SMOTE": "cosine_smote/predictions_soft",
        "stacking, no SMOTE": "cosine_smote/predictions_stack",
    },
}
ENSEMBLES = ("voting", "stacking")
MODELS = {
    **{"CNN to the letter": "train", "CNN, our recipe": "cosine"},
    **{"voting to the letter": LETTERS_VOTING, "voting, our recipe": VOTING},
    **{"stacking to the letter": LETTERS_STACKING, "stacking, our recipe": STACKING},
    "`improved`": "improved",
}
NOT_RUN = ("not run",)
# Networks scored by annotators. Holm's correction is over PAIRS on the paper's test set, and over
# all three pairs on PrivateTest.
PAPER_SET = {
    **{"CNN, our recipe": "cosine", "CNN, our recipe, on whole images": "cosine_uncropped"},
    **{"voting, our recipe": VOTING, "stacking, our recipe": STACKING, "`improved`": "improved"},
}
FLIPPED = {"flip averaging": "flip_averaging"}
PRIVATE_TEST = {f"`{run}`": run for run in ("benchmark_fer2013", "compact", "compact_ferplus")}
OTHERS = (
    *("CNN, our recipe, on whole images", "flip averaging"),
    *("voting, our recipe", "stacking, our recipe"),
)
PAIRS = (
    ("`improved`", "CNN, our recipe"),
    *(("`improved`", name) for name in OTHERS),
    *((name, "CNN, our recipe") for name in OTHERS),
)
SPOKEN = {"CNN, our recipe": "the CNN (our recipe)"}  # in a sentence
# More than half of FER+'s ten annotators; FER2013's rows up to TRAINING and from PRIVATE on.
MAJORITY, TRAINING, PRIVATE = 6, 28709, 32298
# Classes whose test images were drawn, and the images of disgust known to be the same as the
# paper's (docs/reproduction.md).
DRAWN, SAME_DISGUST = ("disgust", "fear", "neutral", "surprise"), 100


class Study:
    """The facts of all images, and the predictions of every run under a folder."""

    def __init__(self, plots):
        self.plots = Path(plots)
        self.facts = pd.read_csv(self.plots / "audit/images.csv", index_col="name")
        parts = self.facts.index.str.split("/")
        self.facts["class"], self.facts["test"] = parts.str[1], parts.str[0] == "test"
        self.facts["row"] = parts.str[2].astype(int)
        self.faces = self.facts[self.facts["test"] & (self.facts["found"] == 1)].sort_index()
        alone = (self.faces["copy"] == "none") & (self.faces["shifted_copy"] == 0)
        self.parts = {"all": np.ones(len(self.faces), bool), "alone": alone.to_numpy()}

    def tables(self, run, names=None):
        """The predictions of each seed of a run, the first seed's first; none if it has not run."""
        first = [self.plots / f"{run}.csv", self.plots / run / "predictions.csv"]
        repeats = sorted(self.plots.glob(f"{run}/[0-9]*/predictions.csv"))
        folder, _, table = run.partition("/")
        table = f"{table or 'predictions'}.csv"
        repeats += sorted(self.plots.glob(f"replicate/{folder}_[0-9]*/{table}"))
        paths = [path for path in first if path.exists()] + repeats
        names = self.faces.index if names is None else names
        tables = [pd.read_csv(path, index_col="name").loc[names] for path in paths]
        for table, path in zip(tables, paths, strict=True):
            if not (table["actual"] == self.facts.loc[names, "class"]).all():
                raise SystemExit(f"{path}: a label is not the image's class")
        return tables

    def right(self, run):
        """Whether each seed predicts each detected test face right, shape `(seeds, faces)`."""
        found = [table["predicted"] == table["actual"] for table in self.tables(run)]
        return np.array(found, float).reshape(len(found), len(self.faces))
