"""ferd.dataset.reading.fer2013_csv: rows keep class, split and pixels; a wrong row is reported."""

import cv2
import numpy as np
import pytest

from ferd.classes import SPLITS
from ferd.dataset.reading.archive import read_faces, read_members
from ferd.dataset.reading.fer2013_csv import TABLE_CLASSES
from tests.helpers.archive_data import pixels, refused, table, write_folder, write_zip


def test_a_table_gives_its_own_class_order_and_row_numbers(tmp_path):
    path = tmp_path / "fer2013.csv"
    path.write_bytes(table())
    rows = list(read_faces(path))
    assert len(rows) == 21
    assert rows == sorted(rows, key=lambda row: (SPLITS.index(row[0]), row[1], row[2]))
    for split, label, name, content in rows:
        emotion, usage = divmod(int(name), 3)
        assert (split, label) == ("test" if usage else "train", TABLE_CLASSES[emotion])
        gray = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
        assert gray.shape == (48, 48) and " ".join(map(str, gray.ravel())) == pixels(emotion)


def test_neutral_is_number_6_and_surprise_5_in_the_table():
    assert TABLE_CLASSES == ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")


@pytest.mark.parametrize("make", [write_zip, write_folder])
def test_a_table_is_found_inside_a_zip_and_a_folder(make, tmp_path):
    content = table(header="emotion, pixels, Usage")  # Kaggle's later copy has these blanks
    path = make(tmp_path / "data.zip", {"fer2013/fer2013.csv": content, "fer2013/README": b"x"})
    assert len(list(read_faces(path))) == 21
    assert list(read_members(path)) == [("fer2013.csv", content)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (table(header="emotion,pixels"), "no column Usage"),
        (table([(7, pixels(0), "Training")]), "row 0: emotion is '7'"),
        (table([(0, pixels(0), "Training"), (0, pixels(0), "Other")]), "row 1: Usage is 'Other'"),
        (table([(0, "1 2 3", "Training")]), "row 0: pixels must be 2304 numbers"),
        (table([(0, pixels(0) + "x", "Training")]), "row 0: pixels must be 2304 numbers"),
        (table([(0, pixels(0)[:-3] + " 256", "Training")]), "row 0: pixels must be 2304 numbers"),
        (table([(0, pixels(0), "Training")]), "train has no class disgust"),
        (b"\xff\xfe\0\x01,\n", "no readable CSV"),
        (b"", "no column emotion"),
    ],
)
def test_a_wrong_table_is_refused_with_the_row(content, words, tmp_path):
    path = tmp_path / "fer2013.csv"
    path.write_bytes(content)
    refused(path, words)
