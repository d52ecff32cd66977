"""What a section of params.yaml holds beside a recipe where other networks may teach."""

from ferd.params import Spec

DISTILLATION_SPECS = {
    "distillation": Spec(float, 0.0, 1.0),
    "teacher": Spec(str, choices=("benchmark_fer2013",)),
}
# `compact` may teach what is tried, but not itself.
TRIED_DISTILLATION_SPECS = DISTILLATION_SPECS | {
    "teacher": Spec(str, choices=("benchmark_fer2013", "compact")),
}
