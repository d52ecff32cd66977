"""Reads damaged archives, photos in them, or models one after another in one process.

Run: `python -m tests.fuzz.worker archives|photos|models SEED COUNT FOLDER`. It prints a line for
each: its number, and the reason for which it was refused, or what was read of it.
"""

import faulthandler
import json
import random
import shutil
import sys
from pathlib import Path

from tests.fuzz.archives import archives, faces, zip_of
from tests.fuzz.mutations import damaged, images

MOST_SECONDS = 30


def main(kind, seed, count, folder):
    """Reads all of them; a hang ends the process with the place where it hangs."""
    work = {"archives": read_archives, "photos": read_photos, "models": load_models}[kind]
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


def read_photos(seed, count, folder):
    """Yields of each photo whether it was skipped, and whether it had to be; all are in one zip."""
    from stages.fetch import fetch

    kinds = ("jpg", "png", "bmp", "webp")
    mutants = {f"m{n}": one for n, one in enumerate(images(seed, count, kinds))}
    named = {f"train/sad/{name}.{one.ending}": one.content for name, one in mutants.items()}
    (folder / "photos.zip").write_bytes(zip_of(faces() | named))
    counts, skipped, _ = fetch(folder / "photos.zip", folder / "raw", 10_000, count)
    reasons = {name: reason for _, _, name, reason in skipped}
    assert sum(counts.values()) + len(skipped) == count + len(faces())
    for name, one in mutants.items():
        assert name in reasons or list((folder / "raw/train/sad").glob(f"{name}.*")), name
        yield [name in reasons, one.is_noticed]


def load_models(seed, count, folder):
    """Yields the reason, or the sum of a prediction, of each model or JSON file."""
    import numpy as np

    from ferd.inference.load_check import check_load
    from ferd.inference.onnx_network import ModelError, OnnxNetwork
    from tests.fuzz.models import other_fact, other_node
    from tests.helpers.predicting import SIZE, write_facts, write_model

    generator = random.Random(seed)
    whole = write_model(folder / "whole.onnx").read_bytes()
    facts = (folder / "whole.json").read_bytes()
    path = folder / "odd.onnx"
    face = np.full((1, SIZE, SIZE), 100, "uint8")
    for number in range(count):
        way = generator.choice(("flip", "run", "number", "join"))
        kind = ("bytes of facts", "bytes of model", "facts", "node")[number % 4]
        path.write_bytes(whole)
        if kind == "node":
            path.write_bytes(other_node(generator, whole))
        elif kind == "bytes of model":
            # The structure is at the model's ends; flips in its weights are other weights.
            path.write_bytes(_ends_damaged(generator, whole, way))
        write_facts(path)
        if kind == "bytes of facts":
            path.with_suffix(".json").write_bytes(damaged(generator, facts, way))
        elif kind == "facts":
            write_facts(path, **other_fact(generator))
        try:
            check_load(path)
            yield float(OnnxNetwork(path, threads=1).calibrated(face).sum())
        except ModelError as error:
            yield str(error)


def _ends_damaged(generator, whole, way):
    ends = damaged(generator, whole[:150] + whole[-150:], way)
    return ends[:150] + whole[150:-150] + ends[150:]


if __name__ == "__main__":
    main(*sys.argv[1:])
