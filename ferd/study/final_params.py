"""Defines the valid values of sections improved, benchmark_fer2013, compact and headline."""

from ferd.study.params import Spec
from ferd.study.recipe_params import RECIPE_SPECS

# dvc.yaml gives the seed, so that one more seed does not make the finished ones run again.
FINAL_SPECS = {key: spec for key, spec in RECIPE_SPECS.items() if key != "seed"}
SEEDS = Spec(int, 0, 2**31 - 1, many=True)
HEADLINE_SPECS = {
    "improved": SEEDS,
    "benchmark_fer2013": SEEDS,
    "compact": SEEDS,
    "seed": Spec(int, 0, 2**31 - 1),
    "draws": Spec(int, 100, 100000),
}
