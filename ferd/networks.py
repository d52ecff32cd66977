"""The networks that the study trains: their names in the tables, stages, and what they look at."""

from typing import NamedTuple


class Network(NamedTuple):
    """The stage that trains it, and the view of an image that it is shown: "crops" or "whole"."""

    stage: str
    view: str = "crops"


NETWORKS = {
    "cnn": Network("train"),
    "cnn, whole images": Network("ablation_uncropped", "whole"),
    "cnn, CBAM": Network("ablation_cbam"),
    "cnn, differential augmentation": Network("ablation_augment"),
    "cnn, float32": Network("ablation_precision"),
    "cnn, no twins at all": Network("ablation_twins"),
}
