"""ferd.dataset.reading.archive: each layout gives the same faces, a wrong one a one-line error."""

import os
import zipfile

import pytest

from ferd.classes import CLASSES, SPLITS
from ferd.dataset.reading.archive import read_faces, read_members
from tests.helpers.archive_data import files, refused, table, write_folder, write_zip

ALIASES = ("Anger", "DISGUSTED", "fearful", "Happiness", "neutral", "sadness", "surprised")


def faces(split, label, numbers=("10", "9")):
    return [(split, label, number, f"{split} {label} {number}".encode()) for number in numbers]


EXPECTED = [row for split in SPLITS for label in CLASSES for row in faces(split, label)]


@pytest.mark.parametrize("make", [write_zip, write_folder])
@pytest.mark.parametrize(
    "layout",
    [
        {"prefix": "images/", "test": "validation"},
        {"prefix": "some/where/images/", "test": "validation"},
        {"test": "val"},
        {"train": "Train", "test": "TEST"},
        {"classes": ALIASES},
        {"classes": tuple(label.upper() for label in CLASSES)},
    ],
)
def test_every_layout_gives_the_same_sorted_faces(make, layout, tmp_path):
    assert list(read_faces(make(tmp_path / "data.zip", files(**layout)))) == EXPECTED


def test_kaggles_doubled_tree_is_read_once(tmp_path):
    content = files(prefix="images/", test="validation")
    content |= files(prefix="images/images/", test="validation")
    assert list(read_faces(write_zip(tmp_path / "k.zip", content))) == EXPECTED


def test_backslashes_and_hidden_files_do_no_harm(tmp_path):
    content = {name.replace("/", "\\"): data for name, data in files().items()}
    junk = ("__MACOSX/train/angry/._9.jpg", "train/angry/.DS_Store", "train/angry/Thumbs.db")
    content |= dict.fromkeys((*junk, "README.md", "train/list.txt"), b"junk")
    assert list(read_faces(write_zip(tmp_path / "w.zip", content))) == EXPECTED


def test_linked_class_folders_are_followed(tmp_path):
    write_folder(tmp_path / "store", files())
    (tmp_path / "data").mkdir()
    for split in SPLITS:
        os.symlink(tmp_path / "store" / split, tmp_path / "data" / split)
    assert list(read_faces(tmp_path / "data")) == EXPECTED


def test_members_have_one_form_whatever_lies_above_them(tmp_path):
    deep = write_folder(tmp_path / "deep", files(prefix="a/images/", test="validation"))
    flat = write_folder(tmp_path / "flat", files(classes=ALIASES))
    assert list(read_members(deep)) == list(read_members(flat))
    assert next(read_members(deep))[0] == "train/angry/10.jpg"


@pytest.mark.parametrize("name", ["../train/angry/1.jpg", "/train/angry/1.jpg", "C:\\train\\1.jpg"])
def test_a_zip_with_paths_outside_it_is_refused(name, tmp_path):
    refused(write_zip(tmp_path / "evil.zip", {**files(), name: b"x"}), "outside itself")


def test_a_zip_that_is_cut_off_is_refused(tmp_path):
    path = write_zip(tmp_path / "cut.zip", files())
    path.write_bytes(path.read_bytes()[:-50])
    refused(path, "corrupt zip")


def test_a_zip_with_a_changed_byte_names_the_file(tmp_path):
    path = write_zip(tmp_path / "bad.zip", files())
    content = path.read_bytes().replace(b"train happy 9", b"trAin happy 9")
    path.write_bytes(content)
    refused(path, r"train/happy/9\.jpg is corrupt in the zip")


def test_an_encrypted_zip_is_refused(tmp_path):
    path = write_zip(tmp_path / "locked.zip", files())
    content = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := content.find(mark, at + 1)) >= 0:
            content[at + place] |= 1  # the flag "encrypted"
    path.write_bytes(content)
    refused(path, "encrypted.*unpack it")


def test_an_unknown_class_folder_is_named(tmp_path):
    path = write_folder(tmp_path, {**files(), "train/contempt/1.jpg": b"x"})
    refused(path, "unknown class folder 'contempt' .*rename it to one of angry")


def test_a_missing_class_is_named_with_its_split(tmp_path):
    content = {name: data for name, data in files().items() if "test/fear" not in name}
    refused(write_zip(tmp_path / "less.zip", content), "test has no class fear")


@pytest.mark.parametrize("make", [write_zip, write_folder])
def test_an_empty_class_folder_is_named(make, tmp_path):
    content = {name: data for name, data in files().items() if "train/sad" not in name}
    path = make(tmp_path / "data.zip", content)
    if make is write_zip:
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("train/sad/", b"")
    else:
        (path / "train" / "Sadness").mkdir()
    refused(path, "class folder train/sad is empty")


def test_a_path_that_is_not_there_is_refused(tmp_path):
    refused(tmp_path / "nowhere", "no such file or folder")


def test_a_file_of_another_kind_is_refused(tmp_path):
    path = tmp_path / "data.tar"
    path.write_bytes(bytes(2000))
    refused(path, "is no zip, folder or .csv")


@pytest.mark.parametrize("make", [write_zip, write_folder])
def test_data_without_a_known_layout_is_refused(make, tmp_path):
    path = make(tmp_path / "data.zip", {"angry/1.jpg": b"x", "notes.txt": b"y"})
    refused(path, "no faces found; it takes images/")


@pytest.mark.parametrize("other", ["images/train/angry/9.jpg", "train/angry/9.png"])
def test_one_name_with_two_contents_is_refused(other, tmp_path):
    path = write_folder(tmp_path, {**files(), other: b"another"})
    refused(path, "differ but have one name")


def test_one_path_twice_in_a_zip_with_two_contents_is_refused(tmp_path):
    path = write_zip(tmp_path / "twice.zip", files())
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("train/angry/9.jpg", b"another")
    refused(path, r"holds train/angry/9\.jpg twice")


def test_an_image_below_its_class_folder_is_refused_not_lost(tmp_path):
    path = write_folder(tmp_path, {**files(), "train/angry/more/1.jpg": b"x"})
    refused(path, "lies below its class folder")


def test_images_and_a_table_together_are_refused(tmp_path):
    path = write_folder(tmp_path, {**files(), "fer2013.csv": table()})
    refused(path, "holds both images and fer2013.csv")


def test_two_tables_are_refused(tmp_path):
    path = write_folder(tmp_path, {"a/fer2013.csv": table(), "b/fer2013.csv": table()})
    refused(path, "keep one of them")


@pytest.mark.parametrize("make", [write_zip, write_folder])
def test_a_file_too_big_for_an_image_is_refused_unread(make, tmp_path, monkeypatch):
    monkeypatch.setattr("ferd.dataset.reading.errors.MAX_IMAGE_BYTES", 20)
    path = make(tmp_path / "data.zip", {**files(), "train/angry/big.jpg": bytes(21)})
    refused(path, r"train/angry/big\.jpg: has 21 bytes")


def test_a_folder_that_may_not_be_opened_is_named_not_left_out(tmp_path, monkeypatch):
    # Permissions do not stop root, as whom the tests may run: the refusal is played.
    path = write_folder(tmp_path, files())
    real = os.scandir

    def scandir(folder):
        if str(folder).endswith("happy"):
            raise PermissionError(13, "Permission denied", str(folder))
        return real(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    refused(path, "happy: cannot be read \\(Permission denied\\)")
