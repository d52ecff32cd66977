"""ferd.imaging.images: every format becomes 8-bit gray, every bad file gives one clear line."""

import subprocess
import sys
import textwrap
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest

from ferd.imaging.images import BadImage, encode_png, is_gray_jpeg, read_gray

REPO = Path(__file__).resolve().parents[2]
PIXELS = 1_000_000
KINDS = {
    "jpg": (".jpg", []),
    "progressive": (".jpg", [cv2.IMWRITE_JPEG_PROGRESSIVE, 1]),
    "restarts": (".jpg", [cv2.IMWRITE_JPEG_RST_INTERVAL, 2]),
    "png": (".png", []),
    "bmp": (".bmp", []),
    "webp": (".webp", [cv2.IMWRITE_WEBP_QUALITY, 101]),
    "webp-lossy": (".webp", [cv2.IMWRITE_WEBP_QUALITY, 80]),
}


def noise(shape, seed=0):
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def encode(ending, image, options=()):
    return cv2.imencode(ending, image, list(options))[1].tobytes()


def block(kind, data):
    """A block of a PNG file, with its length and checksum."""
    checksum = zlib.crc32(kind + data).to_bytes(4, "big")
    return len(data).to_bytes(4, "big") + kind + data + checksum


def huge_header(kind):
    """The first bytes of an image that claims 20,000 x 20,000 pixels."""
    side = (20_000).to_bytes(4, "big")
    if kind == "png":
        return b"\x89PNG\r\n\x1a\n" + block(b"IHDR", side + side + b"\x08\0\0\0\0")
    if kind == "bmp":
        return b"BM" + bytes(12) + b"\x28\0\0\0" + side[::-1] * 2 + b"\1\0\x18\0" + bytes(24)
    if kind == "webp":
        return b"RIFF\0\0\0\0WEBPVP8X" + bytes(8) + (side[::-1][:3]) * 2
    content = bytearray(encode(".jpg", noise((8, 8))))
    at = content.find(b"\xff\xc0") + 5
    content[at : at + 4] = side[2:] * 2
    return bytes(content)


@pytest.mark.parametrize("shape", [(48, 48), (20, 31), (20, 31, 3)])
@pytest.mark.parametrize("kind", KINDS)
def test_pixels_equal_those_that_imread_gives_in_gray(kind, shape, tmp_path):
    ending, options = KINDS[kind]
    content = encode(ending, noise(shape), options)
    path = tmp_path / f"face{ending}"
    path.write_bytes(content)
    gray = read_gray(content, "face", PIXELS)
    assert gray.dtype == np.uint8 and gray.shape == shape[:2]
    assert np.array_equal(gray, cv2.imread(str(path), cv2.IMREAD_GRAYSCALE))


@pytest.mark.parametrize("shape", [(9, 13), (9, 13, 3)])
def test_sixteen_bits_are_scaled_not_clipped(shape):
    eight = noise(shape)
    if len(shape) == 3:
        eight[...] = eight[..., :1]  # gray as colour, so that no conversion blurs the comparison
    gray = read_gray(encode(".png", eight.astype(np.uint16) * 257), "deep", PIXELS)
    assert np.array_equal(gray, eight if len(shape) == 2 else eight[..., 0])


def test_transparent_images_become_gray():
    gray = read_gray(encode(".png", noise((6, 7, 4))), "clear", PIXELS)
    assert gray.shape == (6, 7)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_cut_anywhere_is_refused_with_its_name(kind):
    ending, options = KINDS[kind]
    content = encode(ending, noise((16, 16)), options)
    for length in range(1, len(content)):
        with pytest.raises(BadImage, match=r"^angry/7\.img: [^\n]+$"):
            read_gray(content[:length], "angry/7.img", PIXELS)


def test_a_cut_jpeg_is_refused_though_its_thumbnail_has_an_end_marker():
    content = encode(".jpg", noise((16, 16)))
    thumbnail = b"\xff\xe1\x00\x0aExif\xff\xd9\0\0"
    whole = content[:2] + thumbnail + content[2:]
    assert read_gray(whole, "ok", PIXELS).shape == (16, 16)
    with pytest.raises(BadImage, match="cut off"):
        read_gray(whole[:-20], "cut", PIXELS)


def test_a_png_with_a_changed_byte_is_refused():
    content = bytearray(encode(".png", noise((16, 16))))
    content[len(content) // 2] ^= 1
    with pytest.raises(BadImage, match="cut off or damaged"):
        read_gray(bytes(content), "changed", PIXELS)


def test_an_empty_file_is_refused():
    with pytest.raises(BadImage, match=r"^zero: is an empty file$"):
        read_gray(b"", "zero", PIXELS)


@pytest.mark.parametrize("content", [b"hello", b"GIF89a" + bytes(30), bytes(200)])
def test_what_is_no_image_is_refused(content):
    with pytest.raises(BadImage, match=r"^note: is not a JPEG, PNG, BMP or WebP image$"):
        read_gray(content, "note", PIXELS)


def test_a_header_without_size_is_refused():
    content = bytearray(encode(".jpg", noise((8, 8))))
    at = content.find(b"\xff\xc0") + 5
    content[at : at + 2] = b"\0\0"
    with pytest.raises(BadImage, match="no size"):
        read_gray(bytes(content), "flat", PIXELS)


def test_the_limit_of_pixels_is_inclusive():
    content = encode(".png", noise((10, 10)))
    assert read_gray(content, "ten", 100).size == 100
    with pytest.raises(BadImage, match="10 x 10 pixels, more than the 99 allowed"):
        read_gray(content, "ten", 99)


@pytest.mark.parametrize("kind", ["jpg", "png", "bmp", "webp"])
def test_a_huge_image_is_recognized_by_its_header(kind):
    with pytest.raises(BadImage, match="more than the 25,000,000 allowed"):
        read_gray(huge_header(kind), "huge", 25_000_000)


def test_a_whole_huge_image_is_refused_without_decoding_it(tmp_path):
    # In a process of its own, whose peak memory is its own: decoded, the image takes 400 MB. The
    # file is made in small pieces, because Linux counts the parent's memory in the child's peak.
    packer, row = zlib.compressobj(1), bytes(20_001)
    rows = b"".join(packer.compress(row) for _ in range(20_000)) + packer.flush()
    ending = block(b"IDAT", rows) + block(b"IEND", b"")
    path = tmp_path / "huge.png"
    path.write_bytes(huge_header("png") + ending)
    code = f"""
        import resource, cv2, numpy
        from ferd.imaging.images import BadImage, read_gray
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        try:
            read_gray(open({str(path)!r}, "rb").read(), "huge", 25_000_000)
        except BadImage:
            print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    result = subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=True)
    assert int(result.stdout) < 50 * 1024 * (1024 if sys.platform == "darwin" else 1)


def test_only_gray_eight_bit_jpegs_count_as_ordinary():
    assert is_gray_jpeg(encode(".jpg", noise((8, 8))))
    assert not is_gray_jpeg(encode(".jpg", noise((8, 8, 3))))
    assert not is_gray_jpeg(encode(".png", noise((8, 8))))
    assert not is_gray_jpeg(b"text")


def test_png_keeps_every_pixel_of_an_array_and_of_bytes():
    gray = noise((5, 7))
    assert np.array_equal(read_gray(encode_png(gray), "array", PIXELS), gray)
    assert encode_png(gray.tobytes(), (5, 7)) == encode_png(gray)
