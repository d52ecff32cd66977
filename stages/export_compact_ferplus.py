"""Exports the compact network trained on annotator votes, and scores the file by annotators' votes.

Its probabilities estimate vote shares: 0.6 for angry means that six of ten annotators would choose
angry. The temperature is fitted to PublicTest's votes, and the distance from the vote shares is
measured on PrivateTest.

Reads   data/crops.npz, data/crops.csv, data/audit.csv, data/test_copies.csv, data/ferplus.csv and
        data/compact_ferplus/model.keras
Writes  data/export_compact_ferplus/ferd_float16.onnx (weights in float16, arithmetic in float32);
        metrics/export_compact_ferplus.json: SHA-256, bytes, framing, accuracy by majority label on
        the clear faces of PrivateTest, accuracy by labels, distance from vote shares before and
        after calibration, parity with Keras; metrics/cost/export_compact_ferplus.json: milliseconds
        per face on one thread
Run     dvc repro export_compact_ferplus
        (or, from the top folder: python stages/export_compact_ferplus.py)
        python -m ferd.export.ship annotators afterwards copies it into the package
Takes   about a minute on 2 cores
Expect  the accuracy by majority label of the stage agreement, and a file below 2 MB
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.study import params, supervisor
from ferd.study.cost import measure_cost
from ferd.study.params import Spec
from stages.compact_ferplus import COMPACT_SPECS
from stages.compact_ferplus import SPECS as TAUGHT_SPECS
from stages.evaluate import SPECS as SCORING_SPECS

STAGE = "export_compact_ferplus"
SPECS = {
    "batch_size": Spec(int, 1, 65536),
    "timed_faces": Spec(int, 1, 65536),
    "votes": Spec(int, 1, 10),
}


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    settings = params.load(STAGE, SPECS)
    recipe = params.load("compact", COMPACT_SPECS) | params.load("compact_ferplus", TAUGHT_SPECS)
    scoring = params.load("evaluate", SCORING_SPECS)
    if recipe["view"] != "whole":
        raise SystemExit(f"{STAGE}: the file is framed for networks of compact.view: whole")
    with measure_cost(STAGE) as cost:
        from ferd.export.annotators_export import score_annotators
        from ferd.export.exported import milliseconds_per_face, open_onnx
        from ferd.export.official_export import framing_of, viewed, write_onnx
        from ferd.study.results import write_metrics
        from ferd.training.recipes.data import recipe_faces

        faces = recipe_faces(recipe)
        model = viewed("compact_ferplus", recipe["views"], faces.test.images.shape[1])
        content = write_onnx(model, f"data/{STAGE}")
        scores = score_annotators(content, model, faces, recipe["targets"], settings | scoring)
        counts = {"training": len(faces.train), "validation": len(faces.validation)}
        scores |= {"framing": framing_of(faces.train), "faces": counts}
        write_metrics(f"metrics/{STAGE}.json", scores)
        cost["milliseconds_per_face"] = milliseconds_per_face(
            open_onnx(content), faces.test.images, 1, settings["timed_faces"]
        )


if __name__ == "__main__":
    supervisor.run(main)
