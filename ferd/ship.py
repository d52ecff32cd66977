"""Puts the best small exported network into the package, from where `ferd predict` takes it.

Reads   metrics/export.json, data/export/, the section `crop` of params.yaml
Writes  ferd/models/ferd.onnx, ferd/models/ferd.json (hash, classes, temperature, licence, the
        scores of this very file) and docs/model_card.md; all three are to be committed
Run     python -m ferd.ship       (from the top folder, after dvc repro export)
Takes   seconds
Expect  the ONNX file below 10 MB with the best accuracy on the validation part
"""

import argparse
import hashlib
import json
from pathlib import Path

import yaml

BELOW_MEGABYTES = 10.0  # of 1,000,000 bytes: git keeps every version of it in every clone
LICENCE = "MIT, as the code; the images it was trained on are not under it"


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    settings = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))
    ship(settings["crop"])


def ship(crop):
    """Writes the network, what stands beside it, and its card.

    Args:
        crop: The section `crop` of params.yaml.

    Raises:
        SystemExit: If no file is small enough, or data/export/ is of another run than the metrics.
    """
    from ferd.export_files import FILES
    from ferd.model_card import model_card
    from ferd.onnx_network import OnnxNetwork

    metrics = json.loads(Path("metrics/export.json").read_text(encoding="utf-8"))
    name = choose(metrics["formats"])
    content = Path("data/export", FILES[name]).read_bytes()
    about = facts(name, metrics["formats"][name], crop)
    if hashlib.sha256(content).hexdigest() != about["sha256"]:
        raise SystemExit(f"{FILES[name]} is not what metrics/export.json describes: run the stage")
    folder = Path("ferd/models")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ferd.onnx").write_bytes(content)
    _write(folder / "ferd.json", json.dumps(about, indent=2) + "\n")
    _write(Path("docs/model_card.md"), model_card(metrics, about))
    OnnxNetwork(folder / "ferd.onnx")  # refuses what `ferd predict` would refuse
    print(f"{folder / 'ferd.onnx'} is {FILES[name]}, {len(content):,} bytes")


def choose(formats, below_megabytes=BELOW_MEGABYTES):
    """The ONNX file with the best accuracy on the validation part; of equals the smallest.

    Args:
        formats: `formats` of metrics/export.json.
        below_megabytes: What the file must be smaller than.

    Returns:
        Its name in `formats`.

    Raises:
        SystemExit: If every ONNX file is too large.
    """
    small = {
        name: entry
        for name, entry in formats.items()
        if name.startswith("onnx") and entry["bytes"] < below_megabytes * 1e6
    }
    if not small:
        raise SystemExit(f"no exported ONNX file is below {below_megabytes} MB")
    return max(small, key=lambda n: (small[n]["validation"]["accuracy"], -small[n]["bytes"]))


def facts(name, entry, crop):
    """What stands in the JSON file beside the shipped network.

    Args:
        name: Of the file in `formats` of metrics/export.json.
        entry: What stands there of it.
        crop: The section `crop` of params.yaml.

    Returns:
        Dict that `ferd.onnx_network.OnnxNetwork` takes.
    """
    from ferd.classes import CLASSES

    return {
        "sha256": entry["sha256"],
        "format": name,
        "licence": LICENCE,
        "classes": list(CLASSES),
        "size": crop["size"],
        "temperature": entry["calibration"]["temperature"],
        "crop_levels": crop["levels"],
        "metrics": {key: value for key, value in entry.items() if key != "sha256"},
    }


def _write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
