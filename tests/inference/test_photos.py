"""ferd.inference.reading.photos: every format becomes upright 8-bit RGB; damaged files are
refused."""

import io
import os
import struct
import zlib

import cv2
import numpy as np
import pytest
from PIL import Image

from ferd.cli.main import main
from ferd.imaging.images import BadImage
from ferd.inference.reading.photos import decode_photo, notes_of, read_photo, read_picture
from tests.helpers.predicting import rgb, write_model
from tests.helpers.sketches import face

FACE = face("happy", 1, 64)
# Not square and not symmetric, so that every turn shows.
MARKED = np.dstack([np.arange(48 * 32, dtype=np.uint32).reshape(48, 32) % 251] * 3).astype("uint8")
KINDS = ("JPEG", "PNG", "BMP", "WEBP", "GIF", "TIFF", "PPM")


def packed(image, kind="PNG", **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def decode(content, **options):
    return decode_photo(io.BytesIO(content), **options)


def refusal(content, **options):
    with pytest.raises(BadImage) as error:
        decode(content, **options)
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_decoded(kind):
    picture = decode(packed(Image.fromarray(rgb(FACE)), kind))
    assert picture.shape == (64, 64, 3) and picture.dtype == np.uint8
    assert np.abs(picture.astype(int) - rgb(FACE)).mean() < 6


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".bmp"])
def test_a_gray_file_gives_the_very_levels_that_the_study_reads(tmp_path, suffix):
    path = tmp_path / f"face{suffix}"
    cv2.imwrite(str(path), FACE)
    picture = read_photo(path)
    gray = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    assert np.array_equal(gray, cv2.imread(str(path), cv2.IMREAD_GRAYSCALE))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_exif_orientation_is_undone(orientation, kind):
    undo = {
        1: lambda image: image,
        2: lambda image: image[:, ::-1],
        3: lambda image: image[::-1, ::-1],
        4: lambda image: image[::-1],
        5: lambda image: image.transpose(1, 0, 2),
        6: lambda image: np.rot90(image, -1),
        7: lambda image: np.rot90(image.transpose(1, 0, 2), 2),
        8: lambda image: np.rot90(image),
    }
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"lossless": True} if kind == "WEBP" else {}
    content = packed(Image.fromarray(MARKED), kind, exif=exif, **options)
    assert np.array_equal(decode(content), undo[orientation](MARKED))


def test_damaged_exif_leaves_the_picture_as_it_is(recwarn):
    exif = b"Exif\x00\x00II*\x00garbage" + b"\xff" * 30
    content = packed(Image.fromarray(FACE), "JPEG", exif=exif)
    assert np.array_equal(decode(content), decode(packed(Image.fromarray(FACE), "JPEG")))
    assert not recwarn.list


def test_of_16_bits_the_high_8_are_kept():
    deep = FACE.astype("uint16") * 256 + 77
    ppm = b"P5 64 64 65535\n" + deep.astype(">u2").tobytes()
    for content in (packed(Image.fromarray(deep)), packed(Image.fromarray(deep), "TIFF"), ppm):
        assert np.array_equal(decode(content), rgb(FACE))


def test_cmyk_becomes_rgb():
    inks = Image.fromarray(rgb(FACE)).convert("CMYK")
    assert np.array_equal(decode(packed(inks, "TIFF")), rgb(FACE))
    assert np.abs(decode(packed(inks, "JPEG", quality=95)).astype(int) - rgb(FACE)).mean() < 6


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA", "P", "1"])
def test_gray_transparent_palette_and_black_and_white_files_become_rgb(mode):
    image = Image.fromarray(FACE).convert(mode)
    assert np.array_equal(decode(packed(image)), np.asarray(image.convert("RGB")))


def test_transparency_is_ignored():
    clear = np.dstack([rgb(FACE), np.zeros_like(FACE)])
    assert np.array_equal(decode(packed(Image.fromarray(clear))), rgb(FACE))


@pytest.mark.parametrize("kind", ["GIF", "PNG", "TIFF", "WEBP"])
def test_an_animation_gives_its_first_picture(kind):
    first, second = Image.fromarray(FACE), Image.fromarray(255 - FACE)
    options = {"lossless": True} if kind == "WEBP" else {}
    content = packed(first, kind, save_all=True, append_images=[second], **options)
    assert np.array_equal(decode(content), rgb(FACE))


def test_one_pixel_is_a_photo():
    assert decode(packed(Image.new("L", (1, 1), 7))).tolist() == [[[7, 7, 7]]]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_file_cut_off_is_refused(kind, share):
    noise = np.random.default_rng(0).integers(0, 256, (200, 200, 3), dtype=np.uint8)
    content = packed(Image.fromarray(noise), kind)
    cut = content[: int(len(content) * share)]
    if kind == "JPEG" and share > 0.5:
        assert np.array_equal(decode(cut, may_be_cut=True)[:150], decode(content)[:150])
    assert refusal(cut).startswith(("is cut off", "is not an im"))


@pytest.mark.parametrize("content", [b"hello, world", b"\x00" * 100, b"%!PS-Adobe-3.0 EPSF-3.0\n"])
def test_what_is_no_image_is_refused(content):
    assert refusal(content).startswith("is not an image")


def test_an_empty_file_is_named_so():
    assert refusal(b"") == "is an empty file"


def test_kinds_from_phones_that_are_not_read_are_named():
    assert refusal(b"\x00\x00\x00\x18ftypheic" + b"\x00" * 50).startswith("is a HEIC image")
    assert refusal(b"\x00\x00\x00\x18ftypavif" + b"\x00" * 50).startswith("is an AVIF image")


def png_that_claims(width, height):
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    block = b"IHDR" + header
    crc = struct.pack(">I", zlib.crc32(block))
    data = struct.pack(">I", 10) + b"IDAT" + bytes(14)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + block + crc + data


@pytest.mark.parametrize("side", [7100, 9500, 20000, 2**31 - 1])
def test_a_huge_image_is_refused_by_its_header(side, recwarn):
    message = refusal(png_that_claims(side, side))
    assert "50,000,000" in message and "allowed (--max-pixels)" in message
    assert not recwarn.list


def test_the_limit_counts_pixels_and_includes_itself():
    content = packed(Image.fromarray(FACE))
    assert decode(content, max_pixels=64 * 64).shape == (64, 64, 3)
    assert refusal(content, max_pixels=64 * 64 - 1).startswith("is 64 x 64 pixels, more than")


def test_floating_point_pixels_are_read():
    image = Image.fromarray(FACE.astype("float32") / 255)
    assert np.array_equal(decode(packed(image, "TIFF")), rgb(FACE))


def test_a_file_that_is_missing_is_refused(tmp_path):
    with pytest.raises(BadImage, match="No such file"):
        read_photo(tmp_path / "none.jpg")


def test_a_pipe_and_a_nul_in_a_path_are_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "z.jpg")
    with pytest.raises(BadImage, match="is an empty file"):
        read_photo(tmp_path / "z.jpg")
    with pytest.raises(BadImage, match=r"cannot be read .*null byte"):
        read_photo("a\0b.jpg")


def test_a_reason_is_that_of_the_file_alone(tmp_path):
    (tmp_path / "cut.jpg").write_bytes(packed(Image.fromarray(FACE), "JPEG")[:400])
    with pytest.raises(BadImage, match=r"^is cut off"):
        read_photo(tmp_path / "cut.jpg")


def test_more_bytes_than_a_photo_has_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("ferd.inference.reading.photos.MAX_BYTES", 100)
    with pytest.raises(BadImage, match="more than 100 bytes"):
        read_photo(save_png(tmp_path / "a.png"))


def save_png(path):
    path.write_bytes(packed(Image.fromarray(FACE)))
    return path


def test_a_nul_in_a_list_of_labels_is_a_file_that_cannot_be_read(tmp_path, capsys):
    rows = [f"{number}.png {number}" for number in range(1, 8)]
    for number in range(1, 8):
        save_png(tmp_path / f"{number}.png")
    (tmp_path / "list_patition_label.txt").write_text("\n".join([*rows, "a\0b.png 1"]))
    model = write_model(tmp_path / "tiny.onnx")
    assert main(["evaluate", "--model", str(model), "--whole-image", str(tmp_path)]) == 1
    shown = capsys.readouterr()
    assert "null byte" in shown.err and "unreadable  1" in shown.out


def test_notes_are_told_with_the_files_name(tmp_path, caplog):
    path = tmp_path / "two.gif"
    more = [Image.fromarray(255 - FACE)]
    path.write_bytes(packed(Image.fromarray(FACE), "GIF", save_all=True, append_images=more))
    read_photo(path)
    (line,) = caplog.messages
    assert line == f"ferd: {path}: holds several pictures; only the first one is used"


def test_a_jpeg_without_its_last_bytes_is_told(tmp_path, caplog):
    path = tmp_path / "cut.jpg"
    path.write_bytes(packed(Image.fromarray(FACE), "JPEG")[:-2])
    assert read_photo(path, may_be_cut=True).shape == (64, 64, 3)
    (line,) = caplog.messages
    with pytest.raises(BadImage, match=r"^is cut off"):
        read_photo(path)
    assert line.startswith(f"ferd: {path}: is cut off: its end marker is missing")


def test_of_a_jpeg_without_its_last_bytes_the_damage_is_left_to_the_caller_to_report(
    tmp_path, caplog
):
    path = tmp_path / "cut.jpg"
    path.write_bytes(packed(Image.fromarray(FACE), "JPEG")[:-2])
    picture = read_picture(path, 2_000)
    assert picture.pixels.shape == (32, 32, 3) and "at 1/2 of its size" in picture.notes[0]
    assert picture.damage.startswith("is cut off: its end marker is missing")
    assert notes_of(picture) == (*picture.notes, picture.damage)
    assert caplog.messages == [f"ferd: {path}: {picture.notes[0]}"]


def test_no_random_damage_raises_anything_else():
    generator = np.random.default_rng(1)
    for kind in KINDS:
        whole = packed(Image.fromarray(rgb(FACE)), kind)
        for _ in range(40):
            content = bytearray(whole)
            for place in generator.integers(0, len(content), 8):
                content[place] = generator.integers(0, 256)
            try:
                assert decode(bytes(content), max_pixels=10**6).ndim == 3
            except BadImage as error:
                assert str(error)
