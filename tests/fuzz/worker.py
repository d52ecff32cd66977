"""Reads damaged archives or models one after another in one process.

Run: `python -m tests.fuzz.worker archives|models SEED COUNT FOLDER`. It prints a line for each:
its number, and the reason for which it was refused, or what was read of it.
"""

import faulthandler
import json
import random
import shutil
import sys
from pathlib import Path

from tests.fuzz.mutations import archives, damaged

MOST_SECONDS = 30


def main(kind, seed, count, folder):
    """Reads all of them; a hang ends the process with the place where it hangs."""
    work = {"archives": read_archives, "models": load_models}[kind]
    for number, found in enumerate(work(int(seed), int(count), Path(folder))):
        faulthandler.cancel_dump_traceback_later()
        print(json.dumps([number, found]), flush=True)
        faulthandler.dump_traceback_later(MOST_SECONDS, exit=True)
    faulthandler.cancel_dump_traceback_later()


def read_archives(seed, count, folder):
    """Yields the reason, or the numbers of images and of skipped files, of each zip."""
    from stages.fetch import fetch

    for name, content in archives(seed, count):
        path, out = folder / name, folder / "raw"
        path.write_bytes(content)
        shutil.rmtree(out, ignore_errors=True)
        try:
            images, skipped, _ = fetch(path, out, 10_000, 100)
            yield [sum(images.values()), len(skipped)]
        except SystemExit as error:
            yield str(error)


def load_models(seed, count, folder):
    """Yields the reason, or the sum of a prediction, of each model or JSON file."""
    import numpy as np

    from ferd.inference.onnx_network import ModelError, OnnxNetwork
    from tests.helpers.predicting import SIZE, write_facts, write_model

    generator = random.Random(seed)
    whole = write_model(folder / "whole.onnx").read_bytes()
    facts = (folder / "whole.json").read_bytes()
    path = folder / "odd.onnx"
    face = np.full((1, SIZE, SIZE), 100, "uint8")
    for number in range(count):
        way = generator.choice(("flip", "run", "number", "join"))
        is_model = number % 2
        # The structure is at the model's ends; flips in its weights are other weights.
        path.write_bytes(_ends_damaged(generator, whole, way) if is_model else whole)
        write_facts(path)
        if not is_model:
            path.with_suffix(".json").write_bytes(damaged(generator, facts, way))
        try:
            yield float(OnnxNetwork(path, threads=1).calibrated(face).sum())
        except ModelError as error:
            yield str(error)


def _ends_damaged(generator, whole, way):
    ends = damaged(generator, whole[:150] + whole[-150:], way)
    return ends[:150] + whole[150:-150] + ends[150:]


if __name__ == "__main__":
    main(*sys.argv[1:])
