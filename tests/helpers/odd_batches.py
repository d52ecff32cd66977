"""Trains the demo's smallest networks with last batches of 1 and 15 faces; prints their losses.

A process of its own, so that the CPU's instructions can be bounded by ONEDNN_MAX_CPU_ISA and a
crash ends nothing else:
    ONEDNN_MAX_CPU_ISA=AVX2 MALLOC_CHECK_=3 python -m tests.helpers.odd_batches FOLDER
"""

import os
import sys
from pathlib import Path

import numpy as np
import yaml

from ferd.study.base import runtime
from tests.helpers.small_faces import make_faces

ROOT = Path(__file__).resolve().parents[2]
HELD_OUT = 15


def main():
    runtime.set_environment()
    os.environ["FERD_CHECKPOINTS"] = sys.argv[1]
    train, recipe = demo_settings("train"), demo_settings("recipe", "compact")
    assert recipe["stem"] == min(recipe["widths"]) == 16, "the narrowest that params.yaml may hold"
    for name, loss in {**paper_losses(train), **recipe_losses(recipe)}.items():
        assert np.isfinite(loss), name
        print(f"{name} {loss:.6f}")


def demo_settings(*sections):
    """Sections of params.yaml as the demo has them, merged, for two epochs."""
    params = yaml.safe_load((ROOT / "params.yaml").read_text())
    demo = yaml.safe_load((ROOT / "ferd/sketch/demo.yaml").read_text())["params"]
    settings = {"seed": 1}
    for section in sections:
        settings |= params[section] | demo[section]
    return settings | {"epochs": 2, "warmup_epochs": 0}


def faces_of(size, batch_size, odd):
    """`Faces` of which the last batch of an epoch has `odd` faces, and a mask of held-out ones."""
    count = batch_size + odd
    faces = make_faces((12,) * 7, seed=1, size=size).take(np.arange(count + HELD_OUT))
    return faces, np.arange(len(faces)) >= count


def paper_losses(settings):
    """Losses of Table I's network, without and with CBAM."""
    from ferd.networks.paper.cbam import CBAM
    from ferd.training.paper.train_cnn import train_network

    def attend(x, number):
        return CBAM(seed=number, name=f"cbam_{number}")(x)

    losses = {}
    for odd in (1, 15):
        faces, held_out = faces_of(24, settings["batch_size"], odd)
        for name, after in (("cnn", None), ("cbam", attend)):
            training = train_network(faces, held_out, settings, after_block=after, variant=name)
            losses[f"{name}, last batch of {odd}"] = training.history["loss"].iloc[-1]
    return losses


def recipe_losses(settings):
    """Losses of the narrowest residual network."""
    from ferd.training.core.precision import choose_precision
    from ferd.training.recipes.train_recipe import smooth_targets, train_recipe

    losses = {}
    for odd in (1, 15):
        faces, held_out = faces_of(24, settings["batch_size"], odd)
        precision = choose_precision(settings["precision"])
        shown, rest = faces.take(~held_out), faces.take(held_out)
        targets = smooth_targets(shown.classes, settings["label_smoothing"])
        training = train_recipe(shown, targets, rest, settings, precision)
        losses[f"recipe in {precision}, last batch of {odd}"] = training.history["loss"].iloc[-1]
    return losses


if __name__ == "__main__":
    main()
