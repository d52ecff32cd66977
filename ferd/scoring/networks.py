"""Lists the study's networks: their names in tables, their stages and their input forms."""

from typing import NamedTuple


class Network(NamedTuple):
    """The stage that trains it, and its input form: "crops" or "whole"."""

    stage: str
    input_form: str = "crops"


NETWORKS = {
    "cnn": Network("train"),
    "cnn, whole images": Network("ablation_uncropped", "whole"),
    "cnn, CBAM": Network("ablation_cbam"),
    "cnn, differential augmentation": Network("ablation_augment"),
    "cnn, float32": Network("ablation_precision"),
    "cnn, no copies at all": Network("ablation_copies"),
}
