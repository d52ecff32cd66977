"""Exports the compact network, and scores the file on FER2013's own test set.

It was trained on Training alone, so it can be compared with published scores on PrivateTest. The
default network of `ferd predict`, which is of the paper's split, cannot.

Reads   data/crops.npz, data/crops.csv, data/audit.csv, data/test_copies.csv and
        data/compact/<seed>/model.keras
Writes  data/export_compact/ferd_float16.onnx (weights in float16, arithmetic in float32);
        metrics/export_compact.json: SHA-256, bytes, framing, accuracy on PublicTest and on
        PrivateTest with its interval, parity with Keras, calibration;
        metrics/cost/export_compact.json: milliseconds per face on one thread
Run     dvc repro export_compact   exports the first seed of headline.compact
        (or, from the top folder: python stages/export_compact.py 2024)
        python -m ferd.export.ship compact afterwards copies it into the package
Takes   about a minute on 2 cores
Expect  the accuracy of the stage compact, and a file below 2 MB
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.study import params, supervisor
from ferd.study.cost import measure_cost
from ferd.study.distillation_params import DISTILLATION_SPECS
from ferd.study.final_params import FINAL_SPECS
from ferd.study.params import Spec
from stages.evaluate import SPECS as SCORING_SPECS

SPECS = {"batch_size": Spec(int, 1, 65536), "timed_faces": Spec(int, 1, 65536)}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("seed", type=int)
    seed = parser.parse_args().seed
    settings = params.load("export_compact", SPECS)
    recipe = params.load("compact", FINAL_SPECS | DISTILLATION_SPECS) | {"seed": seed}
    export("compact", recipe, settings)


def export(network, recipe, settings):
    """Exports and scores the network that a stage trained, as the stage `export_<network>`.

    Args:
        network: The stage that trained it.
        recipe: Its section of params.yaml, with `seed` and `views`.
        settings: The export's section.

    Raises:
        SystemExit: If the network was trained on crops.
    """
    stage = f"export_{network}"
    scoring = params.load("evaluate", SCORING_SPECS)
    if recipe["view"] != "whole":
        raise SystemExit(f"{stage}: the file is framed for networks of {network}.view: whole")
    with measure_cost(stage) as cost:
        from ferd.export.exported import milliseconds_per_face, open_onnx
        from ferd.export.official_export import framing_of, score_official, viewed, write_onnx
        from ferd.study.results import write_metrics
        from ferd.training.recipes.data import recipe_faces

        faces = recipe_faces(recipe)
        model = viewed(f"{network}/{recipe['seed']}", recipe["views"], faces.test.images.shape[1])
        content = write_onnx(model, f"data/{stage}")
        scores = score_official(content, model, faces, settings["batch_size"], scoring["bins"])
        scores |= {"framing": framing_of(faces.train), "faces": {"training": len(faces.train)}}
        write_metrics(f"metrics/{stage}.json", scores)
        cost["milliseconds_per_face"] = milliseconds_per_face(
            open_onnx(content), faces.test.images, 1, settings["timed_faces"]
        )


if __name__ == "__main__":
    supervisor.run(main)
