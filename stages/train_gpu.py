"""Trains a network under FER2013's own protocol on one GPU: Keras on JAX.

benchmark_gpu  the recipe of benchmark_fer2013 with stronger augmentation and four times the
               multiplications
distilled_gpu  the layers of benchmark_gpu, with the networks of benchmark_gpu as its teachers
               (knowledge distillation)
compact_gpu    the layers of compact, with the same teachers

They are trained on Training and validated on PublicTest; the stage score_gpu scores them on
PrivateTest. Without a GPU the stage stops before it changes a file.

Reads   data/crops.npz, the network's sections of params.yaml; data/benchmark_gpu/<seed>/model.keras
        for distilled_gpu and compact_gpu
Writes  data/<network>/<seed>/model.keras (neither in git nor in DVC), plots/<network>/<seed>/
        history.csv, metrics/gpu/details/<network>/<seed>.json and
        metrics/gpu/cost/<network>/<seed>.json
Run     make gpu
        (or, from the top folder, after `pip install "jax[cuda12]==0.5.3"`:
        python -m stages.train_gpu benchmark_gpu 2024)
Takes   about a minute on one H100; a stopped training resumes from its last save
Expect  benchmark_gpu a point above benchmark_fer2013 on PublicTest; distilled_gpu and compact_gpu
        as accurate as benchmark_gpu
"""

import os

from ferd.study import stage
from ferd.study.cost import measure_cost
from ferd.study.settings import load_recipe


def main(network, seed, any_device):
    # Keras reads it when it is imported, below.
    os.environ["KERAS_BACKEND"] = "jax"
    settings, run = load_recipe(network, seed), f"{network}/{seed}"
    if not any_device:
        require_gpu()
    with measure_cost(f"metrics/gpu/cost/{run}.json") as cost:
        from ferd.training.jax.outputs import run_on_gpu
        from ferd.training.jax.teacher import load_teacher

        run_on_gpu(run, settings, cost, load_teacher(settings))


def require_gpu():
    """Ends the stage where JAX sees no GPU."""
    import jax

    if jax.default_backend() != "gpu":
        raise SystemExit('no GPU that JAX can use; it needs pip install "jax[cuda12]==0.5.3"')


if __name__ == "__main__":
    stage.run(
        main,
        __doc__,
        {
            "network": {"choices": ("benchmark_gpu", "distilled_gpu", "compact_gpu")},
            "seed": {"type": int},
            "--any-device": {"action": "store_true", "help": "train where there is no GPU"},
        },
    )
