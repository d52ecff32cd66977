"""ferd.inference.writing.prediction_rows: one row per face, top classes, abstention, JSON lines and
CSV."""

import csv
import io
import json

import numpy as np
import pytest

from ferd.classes import CLASSES
from ferd.inference.classifier import Emotion, Face
from ferd.inference.reading.media import Frame
from ferd.inference.writing.prediction_rows import RowWriter, columns, label, rows

FRAME = Frame("a, b.mp4", 3, np.zeros((4, 4, 3), np.uint8), 30.0, 0.1000001)
PROBABILITIES = dict(
    zip(CLASSES, (0.1, 0.05, 0.15, 0.4123456789, 0.1, 0.1, 0.0876543), strict=True)
)
FACE = Face(1, 2, 31, 42, 0, 1.23456789, Emotion("happy", 0.4123456789, PROBABILITIES))


def test_a_face_has_every_column_with_six_digits():
    (row,) = rows(FRAME, [FACE], tracks=[5])
    assert tuple(row) == columns(CLASSES)
    assert tuple(row.values()) == (
        *("a, b.mp4", 3, 0.1, 0, 5, 1, 2, 31, 42, 0, 1.234568, "happy", 0.412346),
        *(0.1, 0.05, 0.15, 0.412346, 0.1, 0.1, 0.087654, None),
    )


def test_faces_of_a_frame_are_counted_from_0():
    assert [row["face"] for row in rows(FRAME, [FACE, FACE])] == [0, 1]


def test_a_frame_without_a_face_has_one_row_that_says_so():
    wanted = {"file": "a, b.mp4", "frame": 3, "seconds": 0.1, "label": "no face", "note": None}
    assert list(rows(FRAME, [], tracks=[])) == [wanted]


def test_a_photo_has_neither_time_nor_track():
    (row,) = rows(Frame("a.png", 0, FRAME.pixels), [FACE])
    assert row["seconds"] is row["track"] is None


def test_what_was_assumed_about_a_photo_is_in_its_rows():
    frame = Frame("a.png", 0, FRAME.pixels, notes=("one", "two"))
    found = [*rows(frame, [FACE, FACE]), *rows(frame, [])]
    assert [row["note"] for row in found] == ["one, two"] * 3


def test_the_likeliest_classes_come_in_order():
    (row,) = rows(FRAME, [FACE], top_k=2)
    assert tuple(row) == columns(CLASSES, 2)
    assert tuple(row.values())[-5:] == ("happy", 0.412346, "fear", 0.15, None)


@pytest.mark.parametrize("bound, wanted", [(0, "happy"), (0.4123456789, "happy"), (0.42, "unsure")])
def test_below_the_bound_the_label_is_unsure(bound, wanted):
    assert label(FACE.emotion, bound) == wanted
    (row,) = rows(FRAME, [FACE], abstain_below=bound)
    assert row["label"] == wanted and row["confidence"] == 0.412346


def written(kind):
    stream = io.StringIO()
    writer = RowWriter(stream, columns(CLASSES), kind)
    for row in [*rows(FRAME, [FACE]), *rows(FRAME, [])]:
        writer.write(row)
    return stream.getvalue()


def test_json_lines_hold_all_columns_and_null_for_an_empty_one():
    found, none = map(json.loads, written("jsonl").splitlines())
    assert [found] == list(rows(FRAME, [FACE]))
    assert tuple(none) == columns(CLASSES) and none["label"] == "no face"
    assert none["left"] is none["confidence"] is none["p_sad"] is None


def test_csv_has_a_header_and_an_empty_field_for_an_empty_column():
    header, *_ = text = written("csv").splitlines()
    assert header == ",".join(columns(CLASSES))
    found, none = csv.DictReader(text)
    assert found["file"] == "a, b.mp4" and float(found["p_happy"]) == 0.412346
    assert none["label"] == "no face" and none["left"] == none["p_happy"] == ""


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_every_row_is_flushed(kind):
    class Stream(io.StringIO):
        seen = ""

        def flush(self):
            self.seen = self.getvalue()

    stream = Stream()
    writer = RowWriter(stream, columns(CLASSES), kind)
    writer.write(next(rows(FRAME, [FACE])))
    assert stream.seen == stream.getvalue() != ""
