"""Puts the best small exported network into the package, from where `ferd predict` takes it.

Reads   metrics/export.json and data/export/, metrics/export_improved.json and
        data/export_improved/, the section `crop` of params.yaml
Writes  ferd/models/ferd.onnx, ferd/models/ferd.json (hash, classes, temperature, licence, the
        scores of this very file) and docs/model_card.md; all three are to be committed
Run     python -m ferd.ship       (from the top folder, after dvc repro export export_improved)
Takes   seconds
Expect  the ONNX file below 10 MB with the best accuracy on the validation part
"""

import argparse
import hashlib
import json
from pathlib import Path

import yaml

from ferd.model_card import NETWORKS, model_card

BELOW_MEGABYTES = 10.0  # of 1,000,000 bytes: git keeps every version of it in every clone
# The stages that export, and the stage that trained what they export.
STAGES = {network["export"]: name for name, network in NETWORKS.items()}
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
    from ferd.onnx_network import OnnxNetwork

    exports = {stage: _read(Path(f"metrics/{stage}.json")) for stage in STAGES}
    stage, name = choose(exports)
    content = Path("data", stage, FILES[name]).read_bytes()
    about = facts(stage, name, exports[stage], crop)
    if hashlib.sha256(content).hexdigest() != about["sha256"]:
        raise SystemExit(f"{FILES[name]} is not what metrics/{stage}.json describes: run the stage")
    folder = Path("ferd/models")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ferd.onnx").write_bytes(content)
    _write(folder / "ferd.json", json.dumps(about, indent=2) + "\n")
    _write(Path("docs/model_card.md"), model_card(exports[stage], about))
    OnnxNetwork(folder / "ferd.onnx")  # refuses what `ferd predict` would refuse
    print(f"{folder / 'ferd.onnx'} is data/{stage}/{FILES[name]}, {len(content):,} bytes")


def choose(exports, below_megabytes=BELOW_MEGABYTES):
    """The ONNX file with the best accuracy on the validation part; of equals the smallest.

    Args:
        exports: Dict of export stage to its metrics.
        below_megabytes: What the file must be smaller than.

    Returns:
        The stage, and the file's name in its `formats`.

    Raises:
        SystemExit: If every ONNX file is too large, or the networks' validation parts differ in
            size.
    """
    small = {
        (stage, name): entry
        for stage, metrics in exports.items()
        for name, entry in metrics["formats"].items()
        if name.startswith("onnx") and entry["bytes"] < below_megabytes * 1e6
    }
    if not small:
        raise SystemExit(f"no exported ONNX file is below {below_megabytes} MB")
    if len({entry["validation"]["faces"] for entry in small.values()}) > 1:
        raise SystemExit("the exported networks were validated on different faces")
    return max(small, key=lambda n: (small[n]["validation"]["accuracy"], -small[n]["bytes"]))


def facts(stage, name, metrics, crop):
    """What stands in the JSON file beside the shipped network.

    Args:
        stage: The export stage whose file it is.
        name: Of the file in `formats` of the stage's metrics.
        metrics: The stage's metrics.
        crop: The section `crop` of params.yaml.

    Returns:
        Dict that `ferd.onnx_network.OnnxNetwork` takes.
    """
    from ferd.classes import CLASSES
    from ferd.framing import Framing

    entry = metrics["formats"][name]
    return {
        "sha256": entry["sha256"],
        "network": STAGES[stage],
        "format": name,
        "licence": LICENCE,
        "classes": list(CLASSES),
        "size": crop["size"],
        "temperature": entry["calibration"]["temperature"],
        "crop_levels": crop["levels"],
        "framing": metrics.get("framing", Framing()._asdict()),
        "metrics": {key: value for key, value in entry.items() if key != "sha256"},
    }


def _read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def _write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
