"""What a section of params.yaml holds beside a recipe where other networks may teach."""

from ferd.params import Spec

TEACHERS = ("benchmark_fer2013", "compact_teacher")
DISTILLATION_SPECS = {
    "distillation": Spec(float, 0.0, 1.0),
    "teacher": Spec(str, choices=TEACHERS),
}
