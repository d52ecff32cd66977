"""ferd.inference.prior: shares are read, and probabilities are adjusted to them by Bayes' rule."""

import math
import pickle

import numpy as np
import pytest

import ferd
from ferd.classes import CLASSES
from ferd.inference import shortcut
from ferd.inference.classifier import Classifier
from ferd.inference.model_file import ModelError
from ferd.inference.photo_result import answer
from ferd.inference.prior import adjust, read_prior
from ferd.inference.reading.frames import Frame
from tests.helpers.predicting import PHOTO, PRIOR, rgb, write_model
from tests.helpers.sketches import face

FACES = [face(name, seed) for seed, name in enumerate(CLASSES, start=100)]
COUNTS = {"angry": 2, "disgust": 0, "fear": 1, "happy": 5, "neutral": 4, "sad": 3, "surprise": 1}
TEXT = ",".join(f"{name}={count}" for name, count in COUNTS.items())


def probabilities(faces=500, seed=0):
    return np.random.default_rng(seed).dirichlet(np.full(7, 0.3), faces).astype("float32")


def test_uniform_gives_each_class_a_seventh():
    assert read_prior("uniform") == dict.fromkeys(CLASSES, 1 / 7)


@pytest.mark.parametrize(
    "prior",
    [
        TEXT,
        COUNTS,
        {name: np.int64(count) for name, count in COUNTS.items()},
        ",".join(f"{name}={count / 16}" for name, count in reversed(COUNTS.items())),
        TEXT.replace("happy", "Happiness").replace("angry", " ANGER").replace("fear", "afraid"),
    ],
    ids=str,
)
def test_shares_and_counts_of_all_classes_sum_to_1_in_the_order_of_the_classes(prior):
    found = read_prior(prior)
    assert list(found) == list(CLASSES)
    assert found == pytest.approx({name: count / 16 for name, count in COUNTS.items()})


@pytest.mark.parametrize(
    "prior, reason",
    [
        ("", "'' is neither uniform nor a class and its share"),
        ("labels", "'labels' is neither uniform nor"),
        (TEXT.replace("=5", "=0,5"), "'5' is neither"),
        ("happy=1", "angry, disgust, fear, neutral, sad, surprise: no share given"),
        ({}, "angry, disgust, fear, happy, neutral, sad, surprise: no share given"),
        (TEXT + ",contempt=1", "'contempt' is none of the classes angry, disgust, fear, happy"),
        (COUNTS | {3: 1}, "3 is none of the classes"),
        (TEXT + ",joy=1", "happy is given twice"),
        (TEXT.replace("sad=3", "sad=-3"), "the share of sad is '-3'; it must be"),
        (TEXT.replace("sad=3", "sad=nan"), "the share of sad is 'nan'"),
        (TEXT.replace("sad=3", "sad=inf"), "the share of sad is 'inf'"),
        (TEXT.replace("sad=3", "sad="), "the share of sad is ''"),
        (COUNTS | {"sad": None}, "the share of sad is None"),
        (COUNTS | {"sad": 10**400}, "the share of sad is 1000"),
        (dict.fromkeys(CLASSES, 0), "the shares sum to 0;"),
        (dict.fromkeys(CLASSES, 1e308), "the shares sum to inf;"),
    ],
)
def test_wrong_shares_are_refused_with_what_is_wrong(prior, reason):
    with pytest.raises(ValueError) as error:
        read_prior(prior)
    assert str(error.value).startswith(reason)


def test_the_networks_own_prior_as_target_changes_nothing():
    found = probabilities()
    adjusted = adjust(found, PRIOR, PRIOR)
    assert adjusted.dtype == np.float32 and adjusted == pytest.approx(found, abs=1e-7)


def test_adjusted_probabilities_are_those_of_bayes_rule_under_the_other_shares():
    """Classes that are normal distributions: their posteriors are known for any prior."""
    points = np.linspace(-6, 6, 200)[:, np.newaxis]
    densities = np.exp(-((points - np.arange(-3, 4)) ** 2) / 2)

    def posterior(prior):
        joint = densities * [prior[name] for name in CLASSES]
        return joint / joint.sum(axis=1, keepdims=True)

    own, target = posterior(PRIOR).astype("float32"), read_prior(COUNTS)
    assert adjust(own, PRIOR, target) == pytest.approx(posterior(target), abs=1e-6)
    assert np.abs(own - posterior(target)).max() > 0.1


@pytest.mark.parametrize("prior", ["uniform", TEXT])
def test_rows_sum_to_1_and_a_class_with_a_share_of_0_gets_nothing(prior):
    target = read_prior(prior)
    adjusted = adjust(probabilities(), PRIOR, target)
    assert adjusted.sum(axis=1) == pytest.approx(1, abs=1e-6)
    for column, name in enumerate(CLASSES):
        assert (adjusted[:, column] == 0).all() == (target[name] == 0)


def test_a_face_that_only_excluded_classes_had_is_given_to_the_others():
    certain = np.eye(7, dtype="float32")
    adjusted = adjust(certain, PRIOR, read_prior(TEXT))
    disgust = adjusted[CLASSES.index("disgust")]
    assert np.isfinite(adjusted).all() and disgust.sum() == pytest.approx(1)
    ratios = [COUNTS[name] / PRIOR[name] for name in CLASSES]
    assert disgust == pytest.approx(np.array(ratios) / sum(ratios))


@pytest.mark.parametrize("seed", range(5))
def test_classes_with_the_same_ratio_of_shares_keep_their_order_and_odds(seed):
    generator = np.random.default_rng(seed)
    own = read_prior(dict(zip(CLASSES, generator.uniform(0.1, 1, 7), strict=True)))
    factors = dict(zip(CLASSES, generator.uniform(0.1, 5, 7), strict=True))
    factors["sad"] = factors["fear"]
    target = read_prior({name: own[name] * factors[name] for name in CLASSES})
    found = probabilities(seed=seed)
    adjusted = adjust(found, own, target)
    (fear, sad), (new_fear, new_sad) = (
        (rows[:, CLASSES.index("fear")].astype(float), rows[:, CLASSES.index("sad")].astype(float))
        for rows in (found, adjusted)
    )
    assert np.array_equal(fear > sad, new_fear > new_sad)
    assert new_fear * sad == pytest.approx(new_sad * fear, rel=1e-5, abs=1e-12)


def test_columns_are_taken_in_the_networks_order():
    found, turned = probabilities(), CLASSES[::-1]
    adjusted = adjust(found[:, ::-1], PRIOR, read_prior(TEXT), turned)
    assert np.array_equal(adjusted[:, ::-1], adjust(found, PRIOR, read_prior(TEXT)))


def test_no_faces_give_no_rows():
    assert adjust(probabilities(0), PRIOR, PRIOR).shape == (0, 7)


@pytest.fixture(scope="module", params=[CLASSES, CLASSES[::-1]], ids=("", "turned"))
def model(tmp_path_factory, request):
    path = tmp_path_factory.mktemp("model") / "tiny.onnx"
    return write_model(path, prior=PRIOR, classes=list(request.param))


def test_every_way_to_predict_is_adjusted(model):
    plain, adjusted = Classifier.load(model), Classifier.load(model, prior=TEXT)
    assert plain.prior is None and adjusted.prior == read_prior(TEXT)

    def wanted(emotion):
        odds = {
            name: share * COUNTS[name] / PRIOR[name]
            for name, share in emotion.probabilities.items()
        }
        return {name: value / sum(odds.values()) for name, value in odds.items()}

    pairs = list(zip(plain.predict(FACES), adjusted.predict(FACES), strict=True))
    for one, other in (
        (one.predict_faces(PHOTO), other.predict_faces(PHOTO))
        for one, other in ((plain, adjusted), (plain, pickle.loads(pickle.dumps(adjusted))))
    ):
        pairs += [(a.emotion, b.emotion) for a, b in zip(one, other, strict=True)]
    frames = [Frame("a", 0, rgb(PHOTO))]
    ((_, one),), ((_, other),) = (list(two.predict_frames(frames)) for two in (plain, adjusted))
    pairs += [(a.emotion, b.emotion) for a, b in zip(one, other, strict=True)]
    assert len(pairs) == 7 + 2 + 2 + 2
    for before, after in pairs:
        assert after.probabilities == pytest.approx(wanted(before), abs=1e-6)
        assert list(after.probabilities) == list(before.probabilities)
        assert after.label == max(after.probabilities, key=after.probabilities.get) != "disgust"
        assert after.confidence == after.probabilities[after.label]
    assert any(before.label != after.label for before, after in pairs)


def test_without_a_prior_the_networks_own_key_changes_no_bit(model, tmp_path):
    classes = list(Classifier.load(model).network.classes)
    other = Classifier.load(write_model(tmp_path / "tiny.onnx", classes=classes))
    assert Classifier.load(model).predict(FACES) == other.predict(FACES)


def test_a_model_without_the_key_is_refused_and_the_key_is_named(tmp_path):
    path = write_model(tmp_path / "tiny.onnx")
    with pytest.raises(ModelError, match=r"tiny\.json: has no key 'prior' \(.*validation faces\)"):
        Classifier.load(path, prior="uniform")
    with pytest.raises(ModelError, match="has no key 'prior'"):
        Classifier(Classifier.load(path).network, prior=PRIOR)
    with pytest.raises(ValueError, match="'labels' is neither"):
        Classifier.load(path, prior="labels")


def test_one_call_predicts_with_a_prior_and_keeps_one_classifier_for_it(model):
    shortcut._loaded.cache_clear()
    wanted = Classifier.load(model, prior=TEXT).predict_faces(PHOTO)
    for prior in (TEXT, COUNTS):
        assert ferd.predict(PHOTO, model, prior=prior) == wanted != ferd.predict(PHOTO, model)
    assert shortcut._loaded.cache_info().currsize == 2


def test_occlusion_maps_are_of_the_adjusted_probabilities(model):
    certain = Classifier.load(model, prior=dict.fromkeys(CLASSES, 0) | {"sad": 1})
    faces = answer(certain, PHOTO, explain=True)["faces"]
    assert [(one["label"], one["confidence"]) for one in faces] == [("sad", 1.0)] * 2
    assert all(math.isclose(loss, 0) for one in faces for row in one["occlusion"] for loss in row)
