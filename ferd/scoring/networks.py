"""Lists the study's networks: their names in tables, their stages and their input forms."""

from typing import NamedTuple


class Network(NamedTuple):
    """The stage that trains it, and its input form: "crops" or "whole"."""

    stage: str
    input_form: str = "crops"


NETWORKS = {
    "cnn": Network("cosine"),
    "cnn, whole images": Network("cosine_uncropped", "whole"),
    "cnn, CBAM": Network("cosine_cbam"),
    "cnn, differential augmentation": Network("cosine_augment"),
    "cnn, float32": Network("cosine_precision"),
    "cnn, no copies at all": Network("cosine_copies"),
}
