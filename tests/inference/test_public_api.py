"""What `import ferd` gives a user: names on first use, complete type hints, and no heavy import."""

import inspect
import subprocess
import sys
import tomllib
from dataclasses import fields, is_dataclass

import pytest
from PIL import Image

import ferd
from ferd.inference import shortcut
from ferd.inference.onnx_network import OnnxNetwork
from ferd.inference.reading import media, photos
from tests.helpers.predicting import PHOTO, REPO, environment

LIGHT = """
import sys
import ferd
dir(ferd), ferd.__version__
heavy = {"numpy", "cv2", "dlib", "onnxruntime", "PIL", "tqdm", "pandas", "tensorflow"}
print(sorted(heavy & set(sys.modules)), [name for name in sys.modules if name[:5] == "ferd."])
from ferd import Classifier
print("onnxruntime" in sys.modules, "pandas" in sys.modules, Classifier.__module__)
"""
USED = [ferd.Classifier, ferd.predict, ferd.to_frame, OnnxNetwork]
USED += [media.read_media, photos.read_photo, photos.decode_photo]


def test_importing_the_package_imports_nothing_heavy_until_a_name_is_used():
    words = [sys.executable, "-c", LIGHT]
    done = subprocess.run(words, env=environment(), capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[] []", "True False ferd.inference.classifier"]


def test_every_public_name_is_there_and_listed():
    assert set(ferd.__all__) <= set(dir(ferd))
    assert set(ferd.__all__) == {*ferd._MODULES, "__version__"}
    for name, module in ferd._MODULES.items():
        assert getattr(ferd, name) is getattr(sys.modules[module], name)


def test_another_name_is_refused_as_by_any_module():
    with pytest.raises(AttributeError, match="module 'ferd' has no attribute 'Clasifier'"):
        ferd.Clasifier  # noqa: B018
    with pytest.raises(ImportError, match="cannot import name 'Clasifier'"):
        from ferd import Clasifier  # noqa: F401


def test_predict_finds_the_faces_that_a_classifier_finds_and_loads_it_once(tmp_path, monkeypatch):
    Image.fromarray(PHOTO).save(tmp_path / "a.png")
    loaded, load = [], ferd.Classifier.load
    monkeypatch.setattr(
        ferd.Classifier, "load", lambda model, *rest: loaded.append(model) or load(model, *rest)
    )
    shortcut._loaded.cache_clear()
    for model in (None, "annotators"):
        wanted = load(model).predict_faces(PHOTO)
        assert len(wanted) == 2
        assert ferd.predict(tmp_path / "a.png", model) == ferd.predict(PHOTO, model) == wanted
    assert loaded == [None, "annotators"]


def public_functions(thing):
    """A function itself, or a class's constructor and public methods."""
    if not inspect.isclass(thing):
        return [thing]
    members = inspect.getmembers(thing, inspect.isroutine)
    return [one for name, one in members if name == "__init__" or not name.startswith("_")]


@pytest.mark.parametrize("thing", USED, ids=lambda thing: thing.__name__)
def test_every_argument_and_result_of_the_public_api_has_a_type(thing):
    functions = public_functions(thing)
    assert functions
    for function in functions:
        signature = inspect.signature(function)
        assert signature.return_annotation is not inspect.Signature.empty, function
        names = [name for name in signature.parameters if name != "self" and name != "cls"]
        assert set(names) <= set(function.__annotations__), function


@pytest.mark.parametrize("kind", [ferd.Emotion, ferd.Face, media.Frame, media.Problem])
def test_every_field_of_a_result_has_a_type(kind):
    assert is_dataclass(kind) and all(field.type is not dict for field in fields(kind))


def test_the_package_tells_type_checkers_that_it_has_hints():
    setup = tomllib.loads((REPO / "pyproject.toml").read_text())["tool"]["setuptools"]
    assert "py.typed" in setup["package-data"]["ferd"] and (REPO / "ferd/py.typed").exists()
