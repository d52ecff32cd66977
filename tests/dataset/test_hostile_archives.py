"""Zips and folders that are broken on purpose: one plain line each, no traceback, no hang."""

import lzma
import os
import struct
import zipfile

import pytest

from ferd.dataset.reading.archive import ArchiveError, read_faces, read_lost, read_members
from tests.helpers.archive_data import files, refused, write_folder, write_zip

FIRST, CENTRAL = b"PK\x03\x04", b"PK\x01\x02"


def changed(path, mark, place, value):
    """Writes bytes at a place after every local or central header of a zip."""
    content, at = bytearray(path.read_bytes()), -1
    while (at := content.find(mark, at + 1)) >= 0:
        content[at + place : at + place + len(value)] = value
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, zipfile.ZIP_DEFLATED])
def test_broken_compressed_data_is_one_line(method, tmp_path):
    path = tmp_path / "bad.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in files().items():
            archive.writestr(name, data * 50)
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            start = info.header_offset + 30 + len(info.filename) + 4
            content[start : start + 12] = bytes(range(200, 212))
    path.write_bytes(content)
    refused(path, "is corrupt in the zip")


def test_the_errors_of_lzma_are_of_a_kind_of_their_own():
    """So that a list of errors would miss them."""
    assert not issubclass(lzma.LZMAError, OSError | ValueError | EOFError)


def test_an_unknown_version_is_one_line(tmp_path):
    path = write_zip(tmp_path / "new.zip", files())
    refused(changed(path, CENTRAL, 6, struct.pack("<H", 99)), r"zip file version 9\.9")


def test_an_unknown_compression_is_one_line(tmp_path):
    path = write_zip(tmp_path / "odd.zip", files())
    for mark, place in ((FIRST, 8), (CENTRAL, 10)):
        changed(path, mark, place, struct.pack("<H", 77))
    refused(path, "compression.*unpack it")


def renamed(path, old, new):
    """Writes another name of the same length into a zip."""
    assert len(old) == len(new)
    path.write_bytes(path.read_bytes().replace(old, new))
    return path


def test_a_name_that_is_not_utf8_is_one_line(tmp_path):
    path = write_zip(tmp_path / "name.zip", files() | {"train/sad/é.jpg": b"x"})
    refused(renamed(path, "é".encode(), b"\xff\xfe"), "not UTF-8")


def test_a_name_with_a_nul_is_one_line(tmp_path):
    path = write_zip(tmp_path / "nul.zip", files() | {"train/sad/nul.jpg": b"x"})
    refused(renamed(path, b"nul.jpg", b"n\x00l.jpg"), r"NUL \(train/sad/n\\x00l\.jpg\)")


def test_codes_for_the_terminal_in_a_name_are_written_out(tmp_path):
    path = write_zip(tmp_path / "red.zip", files() | {"train/\x1b[31m\nred/1.jpg": b"x"})
    with pytest.raises(ArchiveError) as error:
        read_faces(path)
    assert r"\x1b[31m\nred" in str(error.value) and str(error.value).isprintable()


def test_files_that_overlap_are_one_line(tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("train/sad/0.jpg", bytes(9000))
        first = archive.infolist()[0]
        for number in range(1, 50):
            more = zipfile.ZipInfo(f"train/sad/{number}.jpg")
            for field in ("CRC", "file_size", "compress_size", "header_offset", "create_system"):
                setattr(more, field, getattr(first, field))
            archive.filelist.append(more)
    refused(path, "overlap")


@pytest.mark.parametrize("make", [write_zip, write_folder])
def test_an_image_of_over_50_megabytes_is_one_line(make, tmp_path):
    path = make(tmp_path / "data.zip", {**files(), "train/angry/big.jpg": bytes(50_000_001)})
    refused(path, r"big\.jpg: has 50,000,001 bytes")


def test_links_in_a_circle_are_one_line(tmp_path):
    path = write_folder(tmp_path / "data", files())
    (path / "train/sad/again").symlink_to(path, target_is_directory=True)
    refused(path, "again: is a link to a folder that it lies in")


def test_two_links_that_lead_to_each_other_are_one_line(tmp_path):
    path = write_folder(tmp_path / "data", files())
    one, other = (write_folder(tmp_path / name, {"1.txt": b"x"}) for name in ("one", "other"))
    for place, target in ((path / "more", one), (one / "next", other), (other / "next", one)):
        place.symlink_to(target, target_is_directory=True)
    refused(path, "is a link to a folder that it lies in")


@pytest.mark.parametrize("target", ["none", "loop.jpg"])
def test_a_link_to_nowhere_or_itself_is_one_line(target, tmp_path):
    path = write_folder(tmp_path / "data", files())
    (path / "train/sad/loop.jpg").symlink_to(target)
    refused(path, r"loop\.jpg: is no file")


def test_a_named_pipe_is_one_line_and_not_waited_for(tmp_path):
    path = write_folder(tmp_path / "data", files())
    os.mkfifo(path / "train/sad/z.jpg")
    refused(path, r"z\.jpg: is no file \(a pipe")


def test_a_file_name_that_is_not_utf8_is_one_line(tmp_path):
    path = write_folder(tmp_path / "data", files())
    try:
        (path / os.fsdecode(b"train/sad/\xff.jpg")).write_bytes(b"x")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    refused(path, r"sad/\\udcff\.jpg is not UTF-8")


LOST = ["trbin/sad/1.jpg", "sad/2.jpg", "tesu/happy/3.j`g", "4.PNG", "train/..jpg", "a/b/...jpg"]
LOST += [
    "train/sad/.0.jpg",
    ".rain/sad/4.jpg",
    "a\x16b=jpg",
    "train/sad/5/jpg",
    "train/sxd/6.j/g",
    "tesu/sad.7.jp ",
]
LOST += ["test/.ngry/8.jpg", "8.j\u2557g"]


@pytest.mark.parametrize("make", [write_zip, write_folder])
def test_files_with_damaged_names_are_listed(make, tmp_path):
    junk = ["train/list.txt", "README.md", "train/sad/.x", "__MACOSX/train/sad/._1.jpg"]
    junk += ["train/.ipynb_checkpoints/1.jpg", "LICENSE", "labels/classes.json", "train/.x"]
    junk += ["train/sad/._1.jpg", ".cache/1.jpg", "train/sad/Thumbs.db"]
    path = make(tmp_path / "data.zip", files() | dict.fromkeys([*LOST, *junk], b"x"))
    assert read_lost(path) == sorted(LOST)
    assert len(list(read_faces(path))) == len(files())
    assert [name for name, content in read_members(path) if not content] == sorted(LOST)


def test_a_file_whose_damaged_name_ends_as_a_folders_is_counted(tmp_path):
    path = write_zip(tmp_path / "data.zip", files() | {"train/sad/1.jpg": b"x"})
    renamed(path, b"train/sad/1.jpg", b"train/sad/1.jp/")
    assert len(list(read_faces(path))) == len(files()) + 1


@pytest.mark.parametrize(
    "name", ["...jpg", "x..", ". .jpg", "jpg", "1.jp", "a.jpg.jpg.tmp", ".jpg"]
)
def test_every_file_of_a_class_folder_counts(name, tmp_path):
    path = write_zip(tmp_path / "data.zip", files() | {f"train/sad/{name}": b"x"})
    assert len(list(read_faces(path))) + len(read_lost(path)) == len(files()) + 1
