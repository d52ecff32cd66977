"""Measures whether stretching the levels of very dark faces helps the packaged networks.

The images of the validation fold, which `ferd.onnx` was not trained on, are darkened: each level is
multiplied by the brightness and rounded to 8 bits. The rule of ferd/inference/faces/dark.py decides
which of them are stretched. The other two networks were trained on these images, so it is only
counted how often they predict the same as at full brightness.

Reads   data/crops.npz (an output of `make study`), section recipe of params.yaml; ferd/models/
Writes  section `dark` of benchmarks/results.json
Run     python benchmarks/dark.py     (then python benchmarks/report.py)
Takes   some minutes; nothing is timed
Expect  nearly the accuracy of full brightness from 8% on with stretching; nothing changes at 100%
"""

import argparse
import json

import common
import numpy as np

BRIGHTNESS = (5, 8, 12, 25, 50, 100)  # percent
NETWORKS = ("ferd", "annotators", "compact")
FACES, FEWER = 1000, 200  # drawn from the fold: for ferd, and for the others and the search
ENLARGED = 4  # times, as a face in a photo


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    section = measure()
    common.save_of_data("dark", section)
    print(json.dumps(section, indent=2))


def measure():
    """The section: rows by brightness, largest last."""
    from ferd.inference.classifier import Classifier

    faces = validation_faces()
    classifiers = {
        name: Classifier.load(common.ROOT / f"ferd/models/{name}.onnx") for name in NETWORKS
    }
    parts = {name: faces.images[: FACES if name == "ferd" else FEWER] for name in NETWORKS}
    truth = {name: predict(classifiers[name], parts[name]) for name in NETWORKS[1:]}
    truth["ferd"] = faces.classes
    rows = {}
    for percent in BRIGHTNESS:
        row = {}
        for name, images in parts.items():
            row |= score(name, darkened(images, percent), truth[name], classifiers[name])
        few = darkened(faces.images[:FEWER], percent)
        rows[f"{percent}%"] = row | search(few, classifiers["ferd"].detector)
        print(percent, rows[f"{percent}%"], flush=True)
    return {"faces": len(faces), "fewer": min(FEWER, len(faces)), "rows": rows}


def validation_faces():
    """Images drawn from the validation fold of the networks that params.yaml's recipe trains."""
    from ferd.dataset.parts.faces import load_faces
    from ferd.dataset.parts.split import validation_rows
    from ferd.study.settings import load

    faces = load_faces("train", view="whole", path=str(common.ROOT / "data/crops.npz"))
    rows = np.flatnonzero(validation_rows(faces, load("recipe")))
    return faces.take(np.random.default_rng(0).permutation(rows)[:FACES])


def darkened(images, percent):
    """Images at a brightness, rounded to 8 bits."""
    return np.rint(images * (percent / 100)).astype("uint8")


def stretched_all(images):
    """The images, the very dark ones stretched, and which these are."""
    from ferd.inference.faces.dark import stretched

    changed = [stretched(image) for image in images]
    is_dark = np.array([one is not None for one in changed])
    pairs = zip(images, changed, strict=True)
    return np.stack([image if one is None else one for image, one in pairs]), is_dark


def score(name, images, truth, classifier):
    """Percent of images whose prediction is the true one, as they are and stretched."""
    after, is_dark = stretched_all(images)
    plain = predict(classifier, images)
    other = plain.copy()
    if is_dark.any():
        other[is_dark] = predict(classifier, after[is_dark])
    row = {name: percent_of(plain == truth), f"{name}_stretched": percent_of(other == truth)}
    return row | ({"stretched": percent_of(is_dark)} if name == "ferd" else {})


def search(images, detector):
    """Percent of images in which a face is found, as they are and stretched."""
    enlarged = [enlarge(image) for image in images]
    after, _ = stretched_all(enlarged)
    shares = [percent_of([bool(detector.find(one)) for one in many]) for many in (enlarged, after)]
    return dict(zip(("found", "found_stretched"), shares, strict=True))


def enlarge(image):
    """An image as a part of a photo: enlarged, with a border in which its edge is repeated."""
    import cv2

    large = cv2.resize(image, None, fx=ENLARGED, fy=ENLARGED, interpolation=cv2.INTER_CUBIC)
    border = len(large) // 4
    return cv2.copyMakeBorder(large, border, border, border, border, cv2.BORDER_REPLICATE)


def predict(classifier, images):
    """Rows of CLASSES that a network predicts."""
    from ferd.classes import CLASSES

    network = classifier.network
    rows = np.array([CLASSES.index(name) for name in network.classes])
    return rows[network.probabilities(images, 64).argmax(axis=1)]


def percent_of(flags):
    """Percent of flags that are set, with two digits."""
    return round(100 * float(np.mean(flags)), 2)


if __name__ == "__main__":
    main()
