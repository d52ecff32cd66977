"""ferd: predicts the expressions of faces in photos and videos; also the library of the study."""

import importlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ferd.imaging.images import BadImage
    from ferd.inference.classifier import Classifier
    from ferd.inference.data_frame import to_frame
    from ferd.inference.emotion import Emotion, Face
    from ferd.inference.model_file import ModelError
    from ferd.inference.shortcut import predict

__version__ = "0.1.0"

# From 1.29 on ONNX Runtime otherwise tells its maker about the machine and the models loaded, and
# keeps an identifier and a database in the user's cache folder. It looks at this when imported.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

__all__ = [
    "BadImage",
    "Classifier",
    "Emotion",
    "Face",
    "ModelError",
    "__version__",
    "predict",
    "to_frame",
]
_MODULES = {
    "BadImage": "ferd.imaging.images",
    "Classifier": "ferd.inference.classifier",
    "Emotion": "ferd.inference.emotion",
    "Face": "ferd.inference.emotion",
    "ModelError": "ferd.inference.model_file",
    "predict": "ferd.inference.shortcut",
    "to_frame": "ferd.inference.data_frame",
}


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


if not TYPE_CHECKING:  # a type checker would believe that every name exists

    def __getattr__(name):
        # On first use: the study's stages import this package without OpenCV and ONNX Runtime.
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(importlib.import_module(_MODULES[name]), name)
        return value
