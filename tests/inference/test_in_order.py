"""ferd.inference.faces.in_order: threads change neither the rows nor their order; few items
wait."""

import threading

import pytest

from ferd.inference.classifier import Classifier
from ferd.inference.faces.in_order import AHEAD, in_order
from ferd.inference.reading.frames import Frame, Problem
from tests.helpers.predicting import photo, rgb, write_model


def pairs(items, threads, most=1000, call=lambda item: -item):
    return in_order(call, items, threads, lambda item: 1, most)


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_results_come_in_the_order_of_the_items(threads):
    assert list(pairs(range(40), threads)) == [(item, -item) for item in range(40)]
    assert list(pairs([], threads)) == []


def test_an_item_that_takes_long_holds_up_those_after_it():
    go = threading.Event()

    def call(item):
        return go.wait(60) if item == 0 else go.set() if item == 1 else None

    found = list(pairs(range(6), 2, call=call))
    assert [item for item, _ in found] == list(range(6)) and found[0][1] is True


@pytest.mark.parametrize("threads, most, taken", [(1, 1000, 1), (2, 1000, 5), (2, 1, 3)])
def test_few_items_are_taken_ahead(threads, most, taken):
    seen = []
    next(pairs((seen.append(item) or item for item in range(100)), threads, most))
    assert len(seen) == taken <= AHEAD * threads + 1


@pytest.mark.parametrize("threads", [1, 3])
def test_an_error_reaches_the_caller_after_the_items_before_it(threads):
    found = pairs([1, 2, 0, 4], threads, call=lambda item: 1 / item)
    assert [next(found)[0], next(found)[0]] == [1, 2]
    with pytest.raises(ZeroDivisionError):
        next(found)


def test_threads_that_are_not_needed_end_with_the_generator():
    before = threading.active_count()
    found = pairs(range(100), 3)
    next(found)
    found.close()
    assert threading.active_count() == before


@pytest.mark.parametrize("detector", ["fast", "dlib"])
def test_one_thread_and_several_give_the_same_rows_in_the_same_order(tmp_path, detector):
    model = write_model(tmp_path / "tiny.onnx")
    frames = [
        Frame("a", seed, rgb(photo([("happy", seed, 150 + 10 * seed, 20, 30)], 400 + seed, 300)))
        for seed in range(9)
    ]
    frames[4] = Problem("b", "is cut off")
    one, several = (
        list(Classifier.load(model, threads, detector=detector).predict_frames(frames, 3))
        for threads in (1, 4)
    )
    assert [item for item, _ in several] == frames
    for (_, faces), (_, others) in zip(one, several, strict=True):
        assert [vars(face) | {"emotion": 0} for face in faces] == [
            vars(face) | {"emotion": 0} for face in others
        ]
        for face, other in zip(faces, others, strict=True):
            assert face.emotion.probabilities == pytest.approx(other.emotion.probabilities)
    assert sum(len(faces) for _, faces in one) >= 8
