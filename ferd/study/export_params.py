"""Defines the valid values of sections export and export_improved of params.yaml."""

from ferd.study.params import Spec

EXPORT_SPECS = {
    "seed": Spec(int, 0, 2**31 - 1),
    "calibration_faces": Spec(int, 1, 65536),
    "batch_size": Spec(int, 1, 65536),
    "timed_faces": Spec(int, 1, 65536),
}
IMPROVED_EXPORT_SPECS = EXPORT_SPECS | {"views": Spec(str, choices=("centre", "flip", "ten"))}
