"""A classifier copied, pickled or sent to another process predicts what the original predicts."""

import copy
import multiprocessing
import pickle
import shutil

import joblib
import pytest

from ferd.classes import CLASSES
from ferd.inference.classifier import MODEL, Classifier
from tests.helpers.predicting import PHOTO
from tests.helpers.sketches import face

FACES = [face(name, seed) for seed, name in enumerate(CLASSES, start=100)]


@pytest.fixture(scope="module")
def classifier():
    return Classifier.load(threads=2)


@pytest.fixture(scope="module")
def wanted(classifier):
    return classifier.predict(FACES), classifier.predict_faces(PHOTO)


def predicted(classifier):
    return classifier.predict(FACES), classifier.predict_faces(PHOTO)


def pickled(classifier):
    return pickle.loads(pickle.dumps(classifier))


@pytest.mark.parametrize("copied", [pickled, copy.deepcopy, copy.copy])
def test_a_copy_predicts_the_same_probabilities(classifier, wanted, copied):
    assert len(wanted[1]) == 2
    assert predicted(copied(classifier)) == wanted


def test_a_copy_keeps_the_settings(tmp_path):
    for name in ("fast", "dlib", "study"):
        one = Classifier.load("annotators", 3, longest_side=200, detector=name, min_face=30)
        found = pickled(one)
        assert found.detector.settings == one.detector.settings and 200 in one.detector.settings
        assert found.framing == one.framing
    assert found.network.path == MODEL.with_name("annotators.onnx")
    assert found.network._session.get_session_options().intra_op_num_threads == 3


def test_a_pickle_needs_no_model_file(tmp_path, wanted):
    for suffix in (".onnx", ".json"):
        shutil.copy(MODEL.with_suffix(suffix), tmp_path)
    content = pickle.dumps(Classifier.load(tmp_path / MODEL.name, threads=2))
    (tmp_path / MODEL.name).unlink()
    assert predicted(pickle.loads(content)) == wanted


def test_a_classifier_that_has_found_faces_can_still_be_pickled(classifier, wanted):
    found = classifier.predict_faces(PHOTO)  # a detector of dlib's is in hand now
    assert pickled(classifier).predict_faces(PHOTO) == found == wanted[1]


def test_joblibs_processes_predict_the_same(classifier, wanted):
    with joblib.parallel_config("loky", n_jobs=2):
        parts = joblib.Parallel()(joblib.delayed(classifier.predict)([one]) for one in FACES)
    assert [emotion for part in parts for emotion in part] == wanted[0]


def test_a_spawned_process_predicts_the_same(classifier, wanted):
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(classifier.predict, (FACES,)) == wanted[0]
        assert pool.apply(classifier.predict_faces, (PHOTO,)) == wanted[1]
