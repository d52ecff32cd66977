"""Defines the valid values of the sections whose stages train on a GPU, and of `score_gpu`."""

from ferd.study.distillation_params import DISTILLATION_SPECS
from ferd.study.final_params import FINAL_SPECS, HEADLINE_SPECS, SEEDS
from ferd.study.params import Spec

# They need TensorFlow, or belong to scoring on the test set.
LEFT_OUT = ("sharpness", "sharpness_epochs", "initial_size", "full_size_epochs", "views")
BENCHMARK_SPECS = {
    **{key: spec for key, spec in FINAL_SPECS.items() if key not in LEFT_OUT},
    "view": Spec(str, choices=("crops", "whole", "whole_detected")),
}
TAUGHT_SPECS = BENCHMARK_SPECS | {
    "distillation": DISTILLATION_SPECS["distillation"],
    "teacher": Spec(str, choices=("benchmark_gpu",)),
}
SCORE_SPECS = {
    "benchmark_gpu": SEEDS,
    "distilled_gpu": SEEDS,
    "compact_gpu": SEEDS,
    "seed": HEADLINE_SPECS["seed"],
    "draws": HEADLINE_SPECS["draws"],
}
