"""Defines the valid values of the knowledge-distillation settings of a recipe."""

from ferd.study.params import Spec

DISTILLATION_SPECS = {
    "distillation": Spec(float, 0.0, 1.0),
    "teacher": Spec(str, choices=("benchmark_fer2013",)),
}
# `compact` may be the teacher of the stage search, but not of itself.
TRIED_DISTILLATION_SPECS = DISTILLATION_SPECS | {
    "teacher": Spec(str, choices=("benchmark_fer2013", "compact")),
}
