"""Copies exported networks into the package, for `ferd predict`, and writes their model cards.

These are the best small network of the paper's split, the compact network of FER2013's own split,
and the compact network trained on annotator votes.

Reads   metrics/export.json and data/export/, metrics/export_improved.json and
        data/export_improved/, metrics/export_compact.json and data/export_compact/, the same of
        export_compact_gpu if that has been run, metrics/export_compact_ferplus.json and
        data/export_compact_ferplus/, params.yaml
Writes  ferd/models/ferd.onnx, ferd/models/ferd.json (hash, classes, temperature, licence, the
        scores of this file) and docs/model_card.md; ferd/models/compact.onnx,
        ferd/models/compact.json and docs/model_card_compact.md; ferd/models/annotators.onnx,
        ferd/models/annotators.json and docs/model_card_annotators.md; all are to be committed
Run     python -m ferd.export.ship           after dvc repro export export_improved
        python -m ferd.export.ship compact   after dvc repro export_compact; of it and
                                      export_compact_gpu the better one on PublicTest
        python -m ferd.export.ship annotators    after dvc repro export_compact_ferplus; from the top folder
Takes   seconds
Expect  as ferd.onnx the file below 10 MB with the best accuracy on the validation part
"""

import argparse
import hashlib
import json
from functools import partial
from pathlib import Path

import yaml

from ferd.export.annotators_card import annotators_card
from ferd.export.compact_card import compact_card
from ferd.export.model_card import NETWORKS, model_card

BELOW_MEGABYTES = 10.0  # megabytes of 1,000,000 bytes; every clone contains every version in git
# Export stage: the stage that trained its network.
STAGES = {network["export"]: name for name, network in NETWORKS.items()}
# compact_gpu is trained on a GPU, which not everyone has.
COMPACT = ("compact", "compact_gpu")
LICENCE = "MIT, as the code; the images it was trained on are not under it"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("network", nargs="?", choices=SHIPPERS, default="best")
    network = parser.parse_args().network
    settings = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))
    SHIPPERS[network](settings)


def ship(settings):
    """Writes the best network, its JSON file and its model card.

    Args:
        settings: params.yaml.

    Raises:
        SystemExit: If no file is small enough, or data/export/ and the metrics are of different
            runs.
    """
    from ferd.export.export_files import FILES

    exports = {stage: _read(Path(f"metrics/{stage}.json")) for stage in STAGES}
    stage, name = choose(exports)
    content = Path("data", stage, FILES[name]).read_bytes()
    about = facts(stage, name, exports[stage], settings["crop"])
    _put("ferd", stage, FILES[name], content, about)
    _write(Path("docs/model_card.md"), model_card(exports[stage], about))


def ship_compact(settings):
    """Writes the compact network that is better on PublicTest, its JSON file and its model card.

    Args, Raises: As `ship`.
    """
    found = {name: Path(f"metrics/export_{name}.json") for name in COMPACT}
    scores = {
        name: _read(path)["validation"]["accuracy"] for name, path in found.items() if path.exists()
    }
    _ship_official("compact", better_compact(scores), settings, compact_card)


def better_compact(scores):
    """The stage whose compact network goes into the package.

    Args:
        scores: Dict of stage to its accuracy on PublicTest; the first of equals is chosen.

    Raises:
        SystemExit: If none has been exported.
    """
    if not scores:
        raise SystemExit("no compact network has been exported: dvc repro export_compact")
    return max(scores, key=scores.get)


def ship_annotators(settings):
    """Writes the network trained on annotator votes, its JSON file and its model card.

    Args, Raises: As `ship`.
    """
    votes = settings["export_compact_ferplus"]["votes"]
    _ship_official("annotators", "compact_ferplus", settings, partial(annotators_card, votes=votes))


def _ship_official(name, network, settings, card):
    """As `ship`, for a network of FER2013's own split; `card` takes metrics and facts."""
    from ferd.export.export_files import FILES

    stage, file = f"export_{network}", FILES["onnx_float16"]
    metrics, content = _read(Path(f"metrics/{stage}.json")), Path("data", stage, file).read_bytes()
    about = official_facts(network, metrics, settings["crop"])
    _put(name, stage, file, content, about)
    _write(Path(f"docs/model_card_{name}.md"), card(metrics, about))


SHIPPERS = {"best": ship, "compact": ship_compact, "annotators": ship_annotators}


def _put(network, stage, file, content, about):
    """Writes a network and its JSON file, after a check that they belong together."""
    from ferd.inference.onnx_network import OnnxNetwork

    if hashlib.sha256(content).hexdigest() != about["sha256"]:
        raise SystemExit(f"{file} is not what metrics/{stage}.json describes: run the stage")
    folder = Path("ferd/models")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{network}.onnx").write_bytes(content)
    _write(folder / f"{network}.json", json.dumps(about, indent=2) + "\n")
    OnnxNetwork(folder / f"{network}.onnx")  # raises where `ferd predict` would
    print(f"{folder / network}.onnx is data/{stage}/{file}, {len(content):,} bytes")


def choose(exports, below_megabytes=BELOW_MEGABYTES):
    """The ONNX file with the best validation accuracy; of equals the smallest.

    Args:
        exports: Dict of export stage to its metrics.
        below_megabytes: Upper limit of the file's size.

    Returns:
        The stage, and the file's name in its `formats`.

    Raises:
        SystemExit: If every ONNX file is too large, or the validation sets differ in size.
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
    """Content of the JSON file of the packaged network.

    Args:
        stage: The export stage whose file it is.
        name: The file's key in `formats` of the stage's metrics.
        metrics: The stage's metrics.
        crop: The section `crop` of params.yaml.

    Returns:
        Dict that `ferd.inference.onnx_network.OnnxNetwork` takes.
    """
    from ferd.imaging.framing import Framing

    framing = metrics.get("framing", Framing()._asdict())
    return _facts(STAGES[stage], name, metrics["formats"][name], framing, crop)


def official_facts(network, metrics, crop):
    """Content of the JSON file of a packaged network of FER2013's own split.

    Args:
        network: The stage that trained it.
        metrics: The metrics of its export stage.
        crop: The section `crop` of params.yaml.

    Returns:
        As `facts`.
    """
    return _facts(network, "onnx_float16", metrics, metrics["framing"], crop)


def _facts(network, form, entry, framing, crop):
    from ferd.classes import CLASSES

    return {
        "sha256": entry["sha256"],
        "network": network,
        "format": form,
        "licence": LICENCE,
        "classes": list(CLASSES),
        "size": crop["face_size"],
        "temperature": entry["calibration"]["temperature"],
        "crop_levels": crop["levels"],
        "framing": framing,
        "metrics": {key: value for key, value in entry.items() if key not in ("sha256", "framing")},
    }


def _read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def _write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
