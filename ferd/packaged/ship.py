"""Copies trained networks into the package, for `ferd predict`, and writes their model cards.

These are the best small network of the paper's split, the compact network of FER2013's own split,
the compact network trained on annotator votes, and the two that the stage packaged makes.

Reads   metrics/details/export/<network>.json and data/export/<network>/ of train, improved,
        compact, compact_gpu if that has been exported, and compact_ferplus; params.yaml;
        data/packaged/ and metrics/details/packaged.json
Writes  ferd/models/ferd.onnx, ferd/models/ferd.json (hash, classes, temperature, licence, the
        scores of this file) and docs/model_card.md; ferd/models/compact.onnx,
        ferd/models/compact.json and docs/model_card_compact.md; ferd/models/annotators.onnx,
        ferd/models/annotators.json and docs/model_card_annotators.md; ferd/models/general.* and
        ferd/models/fast.*, and the key `prior` of compact.json and annotators.json: the class
        shares that `ferd predict --prior` divides by; all are to be committed
Run     from the top folder:
        python -m ferd.packaged.ship              after dvc repro export@cosine export@improved
        python -m ferd.packaged.ship compact      after dvc repro export@compact; of it and
                                                compact_gpu the better one on PublicTest
        python -m ferd.packaged.ship annotators   after dvc repro export@compact_ferplus
        python -m ferd.packaged.ship made         after dvc repro packaged, which then runs once
                                                more: it reads these JSON files
Takes   seconds
Expect  as ferd.onnx the file below 10 MB with the best accuracy on the validation fold
"""

import argparse
import hashlib
import json
import shutil
from functools import partial
from pathlib import Path

from ferd.export.export_files import FILES
from ferd.packaged.annotators_card import annotators_card
from ferd.packaged.compact_card import compact_card
from ferd.packaged.make import MADE, MODELS, NEW, TRAINED
from ferd.packaged.model_card import NETWORKS, model_card
from ferd.packaged.trained import better_compact, choose, facts, official_facts, with_prior
from ferd.study.details import folder_of
from ferd.study.settings import load

DETAILS = "metrics/details/packaged.json"
# compact_gpu is trained on a GPU, which not everyone has.
COMPACT = ("compact", "compact_gpu")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("network", nargs="?", choices=SHIPPERS, default="best")
    SHIPPERS[parser.parse_args().network]()


def ship():
    """Writes the best network, its JSON file and its model card.

    Raises:
        SystemExit: If no file is small enough, or the files and the details are of different runs.
    """
    exports = {network: _read(_details(network)) for network in NETWORKS}
    network, name = choose(exports)
    about = facts(network, name, exports[network], load("crop"))
    _put("ferd", FILES[name], about)
    _write(Path("docs/model_card.md"), model_card(exports[network], about))


def ship_compact():
    """Writes the compact network that is better on PublicTest, its JSON file and its model card.

    Raises:
        SystemExit: If none has been exported, or as `ship`.
    """
    found = {network: _details(network) for network in COMPACT}
    scores = {
        network: _read(path)["validation"]["accuracy"]
        for network, path in found.items()
        if path.exists()
    }
    _ship_official("compact", better_compact(scores), compact_card)


def ship_annotators():
    """Writes the network trained on annotator votes, its JSON file and its model card.

    Raises:
        SystemExit: As `ship`.
    """
    card = partial(annotators_card, votes=load("agreement")["votes"])
    _ship_official("annotators", "compact_ferplus", card)


def _ship_official(name, network, card):
    """As `ship`, for a network of FER2013's own split; `card` takes details and facts."""
    details = _read(_details(network))
    about = with_prior(official_facts(network, details, load("crop")), _entry(name))
    _put(name, FILES["onnx_float16"], about)
    _write(Path(f"docs/model_card_{name}.md"), card(details, about))


def ship_made():
    """Copies the networks `general` and `fast`, and adds the priors of the others.

    Raises:
        SystemExit: If the stage packaged has not run, or found no votes.
        ModelError: If a file is not what its JSON file describes.
    """
    if not _entry("general"):
        raise SystemExit(f"{DETAILS} has no networks: run the stage packaged with audit.ferplus")
    for name in NEW:
        for suffix in (".onnx", ".json"):
            shutil.copyfile(MADE / f"{name}{suffix}", MODELS / f"{name}{suffix}")
    for name in TRAINED:
        path = MODELS / f"{name}.json"
        _write(path, json.dumps(with_prior(_read(path), _entry(name)), indent=2) + "\n")
    for name in (*NEW, *TRAINED):
        _check(MODELS / f"{name}.onnx")
        print(f"{MODELS / name}.onnx is ready")


SHIPPERS = {
    "best": ship,
    "compact": ship_compact,
    "annotators": ship_annotators,
    "made": ship_made,
}


def _entry(name):
    """A network's entry in the details of the stage packaged; None where there is none."""
    path = Path(DETAILS)
    networks = _read(path).get("networks", {}) if path.exists() else {}
    return networks.get(name)


def _put(name, file, about):
    """Writes a network and its JSON file, after a check that they belong together."""
    source = Path("data/export", about["network"], file)
    if not source.exists():
        raise SystemExit(f"{source} is missing: run the stage export, or make gpu")
    content = source.read_bytes()
    if hashlib.sha256(content).hexdigest() != about["sha256"]:
        described = _details(about["network"])
        raise SystemExit(f"{source} is not what {described} describes: run the stage export")
    target = MODELS / f"{name}.onnx"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    _write(target.with_suffix(".json"), json.dumps(about, indent=2) + "\n")
    _check(target)
    print(f"{target} is {source}, {len(content):,} bytes")


def _check(path):
    """Loads a network as `ferd predict` does, and raises where that would."""
    from ferd.inference.onnx_network import OnnxNetwork

    OnnxNetwork(path)


def _details(network):
    return Path(folder_of(network), "export", f"{network}.json")


def _read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def _write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
