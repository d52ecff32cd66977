"""What the sections benchmark_gpu, distilled_gpu and compact_gpu of params.yaml may hold."""

from ferd.distillation_params import DISTILLATION_SPECS
from ferd.final_params import FINAL_SPECS
from ferd.params import Spec

# They want TensorFlow, or belong to scoring on the test set.
LEFT_OUT = ("sharpness", "sharpness_epochs", "initial_size", "full_size_epochs", "views")
BENCHMARK_SPECS = {
    **{key: spec for key, spec in FINAL_SPECS.items() if key not in LEFT_OUT},
    "view": Spec(str, choices=("crops", "whole", "whole_detected")),
}
TAUGHT_SPECS = BENCHMARK_SPECS | {
    "distillation": DISTILLATION_SPECS["distillation"],
    "teacher": Spec(str, choices=("benchmark_gpu",)),
}
