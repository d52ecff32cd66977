"""Defines the valid values of section `replicate` of params.yaml."""

from ferd.study.params import Spec

VARIANTS = ("train", "ablation_uncropped", "ablation_cbam", "ablation_augment")
REPLICATE_SPECS = {
    "variants": Spec(str, choices=VARIANTS, many=True),
    "seeds": Spec(int, 0, 2**31 - 1, many=True),
}
