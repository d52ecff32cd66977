"""Defines the valid values of section `ablation_augment` of params.yaml."""

from ferd.study.params import Spec

STRONG_SPECS = {
    "rare_share": Spec(float, 0.0, 10.0),
    "rotation_degrees": Spec(float, 0.0, 180.0),
    "zoom": Spec(float, 0.0, 0.9),
    "shift": Spec(float, 0.0, 0.9),
    "brightness": Spec(float, 0.0, 1.0),
}
