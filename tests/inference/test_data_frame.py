"""ferd.inference.data_frame: one row per prediction, with the columns of `ferd predict`."""

import pytest

from ferd.classes import CLASSES
from ferd.inference.classifier import Emotion, Face
from ferd.inference.data_frame import to_frame
from ferd.inference.writing.prediction_rows import BOX, columns

PROBABILITIES = dict(zip(CLASSES, (0.1, 0.05, 0.15, 0.4, 0.1, 0.1, 0.1), strict=True))
HAPPY = Emotion("happy", 0.4, PROBABILITIES)
FACE = Face(1, 2, 31, 42, 0, 1.25, HAPPY)
WHOLE = Face(0, 0, 48, 48, None, None, HAPPY)

NOT_OF_PHOTOS = ("file", "frame", "seconds", "track")


def test_an_emotion_gives_its_label_confidence_and_probabilities():
    table = to_frame([HAPPY, HAPPY])
    assert list(table) == ["label", "confidence", *(f"p_{name}" for name in CLASSES)]
    assert len(table) == 2
    assert table.iloc[1].tolist() == ["happy", 0.4, *PROBABILITIES.values()]


def test_a_face_gives_its_box_before_them():
    table = to_frame([FACE])
    assert list(table)[: len(BOX)] == list(BOX)
    assert table.iloc[0, : len(BOX)].tolist() == [1, 2, 31, 42, 0, 1.25]


def test_photos_have_the_columns_of_the_command_but_for_the_files_name():
    table = to_frame([[FACE, WHOLE], [], [FACE]])
    shared = [name for name in columns(CLASSES) if name not in NOT_OF_PHOTOS]
    assert set(table) == {"photo", *shared}
    assert table["photo"].tolist() == [0, 0, 1, 2]
    assert table["face"].fillna(-1).tolist() == [0, 1, -1, 0]


def test_a_photo_without_a_face_says_so_and_has_no_confidence():
    row = to_frame([[]]).iloc[0]
    assert row["label"] == "no face"
    assert to_frame([[FACE], []])["confidence"].isna().tolist() == [False, True]


def test_no_answer_at_all_is_an_empty_table():
    table = to_frame([])
    assert table.empty and list(table) == list(to_frame([FACE]))


def test_the_columns_are_the_same_whether_or_not_faces_are_found():
    wanted = list(to_frame([[FACE], []]))
    assert list(to_frame([[], [FACE]])) == list(to_frame([[]])) == wanted
    assert wanted[:3] == ["photo", "face", "left"] and wanted[-1] == "note"


def test_a_single_answer_is_one_row_and_a_photos_faces_may_be_a_tuple():
    assert to_frame(HAPPY).equals(to_frame([HAPPY])) and to_frame(FACE).equals(to_frame([FACE]))
    assert to_frame([(FACE,)]).equals(to_frame([[FACE]]))


def test_anything_else_is_refused():
    with pytest.raises(TypeError, match="not str"):
        to_frame(["happy"])
