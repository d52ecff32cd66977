"""Chooses the networks that the package contains, and writes down what is known of each."""

from ferd.classes import CLASSES
from ferd.imaging.framing import Framing

BELOW_MEGABYTES = 10.0  # megabytes of 1,000,000 bytes; every clone contains every version in git
LICENCE = "MIT, as the code; the images it was trained on are not under it"


def choose(exports, below_megabytes=BELOW_MEGABYTES):
    """The ONNX file with the best validation accuracy; of equals the smallest.

    Args:
        exports: Dict of network to the details of its export.
        below_megabytes: Upper limit of the file's size.

    Returns:
        The network, and the file's name in its `formats`.

    Raises:
        SystemExit: If every ONNX file is too large, or the validation sets differ in size.
    """
    small = {
        (network, name): entry
        for network, details in exports.items()
        for name, entry in details["formats"].items()
        if name.startswith("onnx") and entry["bytes"] < below_megabytes * 1e6
    }
    if not small:
        raise SystemExit(f"no exported ONNX file is below {below_megabytes} MB")
    if len({entry["validation"]["faces"] for entry in small.values()}) > 1:
        raise SystemExit("the exported networks were validated on different faces")
    return max(small, key=lambda n: (small[n]["validation"]["accuracy"], -small[n]["bytes"]))


def better_compact(scores):
    """Which compact network goes into the package.

    Args:
        scores: Dict of network to its accuracy on PublicTest; the first of equals is chosen.

    Raises:
        SystemExit: If none has been exported.
    """
    if not scores:
        raise SystemExit("no compact network has been exported: dvc repro export@compact")
    return max(scores, key=scores.get)


def facts(network, name, details, crop):
    """Content of the JSON file of the packaged network.

    Args:
        network: The network, as the stage `export` names it.
        name: The file's key in `formats` of its export's details.
        details: The details of its export.
        crop: The section `crop` of params.yaml.

    Returns:
        Dict that `ferd.inference.onnx_network.OnnxNetwork` takes.
    """
    framing = details.get("framing", Framing()._asdict())
    return _facts(network, name, details["formats"][name], framing, crop)


def official_facts(network, details, crop):
    """Content of the JSON file of a packaged network of FER2013's own split.

    Args:
        network, details, crop: As in `facts`.

    Returns:
        As `facts`.
    """
    return _facts(network, "onnx_float16", details, details["framing"], crop)


def with_prior(about, found):
    """The JSON object with the key `prior` behind the temperature.

    Args:
        about: Content of a network's JSON file.
        found: The network's entry in the details of the stage packaged, or None.

    Returns:
        Dict; without a prior where there is no entry, or where it is of another file.
    """
    is_known = found is not None and found["sha256"] == about["sha256"]
    ordered = {}
    for key, value in about.items():
        if key != "prior":
            ordered[key] = value
        if key == "temperature" and is_known:
            ordered["prior"] = found["prior"]
    return ordered


def _facts(network, form, entry, framing, crop):
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
