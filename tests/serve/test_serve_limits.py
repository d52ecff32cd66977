"""Bad uploads to the server: one clear line each, nothing on disk, and the server goes on."""

import struct
import sys
import threading
import zlib

import numpy as np
import pytest

from tests.helpers.predicting import PHOTO, write_model
from tests.helpers.serving import form, packed, predict, serving
from tests.helpers.sketches import face

SMALL = packed(face("happy", 100))
NOISE = np.random.default_rng(0).integers(0, 256, (1200, 1200), dtype="uint8")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_model(tmp_path_factory.mktemp("model") / "tiny.onnx")


@pytest.fixture(scope="module")
def port(model):
    with serving(model, max_bytes=3_000_000, max_pixels=2_000_000) as port:
        yield port


def png_of(width, height):
    """A PNG that claims a size, and holds nothing."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head
    return body + struct.pack(">I", zlib.crc32(head)) + struct.pack(">I", 0) + b"IDAT" + bytes(4)


BAD = [
    (b"hello", "is not an image"),
    (b"", "is an empty file"),
    (packed(PHOTO)[:9000], "is cut off or damaged"),
    (packed(PHOTO, "JPEG")[:4000], "is cut off (more than half of its image data is missing)"),
    (png_of(2000, 1001), "is 2000 x 1001 pixels, more than the 2,000,000 allowed"),
    (png_of(60000, 60000), "more than the 2,000,000"),
    (b"\0\0\0\x20ftypheic" + bytes(50), "HEIC"),
    (b"GIF89a" + bytes(3), "is not an image"),
]


@pytest.mark.parametrize("content, reason", BAD, ids=[reason for _, reason in BAD])
def test_what_cannot_be_decoded_is_one_line_and_the_server_goes_on(port, content, reason):
    for body, kind in ((content, "image/png"), form(content)):
        status, answer = predict(port, body, kind)
        assert status == 422 and list(answer) == ["error"]
        assert reason in answer["error"] and "\n" not in answer["error"]
    assert predict(port, SMALL)[0] == 200


def test_a_wrong_form_type_or_option_is_refused(port):
    assert predict(port, *form(SMALL, field="image"))[0] == 400
    assert predict(port, form(SMALL)[0][:-9], form(SMALL)[1])[0] == 400
    assert predict(port, SMALL, "text/plain")[0] == 415
    assert predict(port, SMALL, path="/predict?explain=2")[0] == 400
    assert predict(port, SMALL, path="/predict?explain=0")[0] == 200


def test_too_many_bytes_are_refused_with_and_without_a_length(port):
    large = b"x" * 9_000_000
    pieces = (large[start : start + 65536] for start in range(0, len(large), 65536))
    for body in (large, pieces):
        status, answer = predict(port, body)
        assert (status, answer) == (
            413,
            {"error": "the file has more than the 3,000,000 bytes allowed"},
        )
    assert predict(port, SMALL)[0] == 200


def test_another_sites_post_and_a_name_pointed_here_are_refused(port):
    assert predict(port, SMALL, origin="http://evil.example")[0] == 403
    assert predict(port, SMALL, sec_fetch_site="cross-site")[0] == 403
    assert predict(port, SMALL, host="evil.example")[0] == 421
    assert predict(port, SMALL, origin=f"http://127.0.0.1:{port}")[0] == 200


WRITTEN = []
IS_WATCHED = threading.Event()


def watch(event, arguments):
    # An audit hook cannot be taken out again, so it is asked whether anyone looks.
    if IS_WATCHED.is_set() and event == "open":
        path, mode, flags = arguments
        if (mode and set(mode) & set("wax+")) or (flags or 0) & 0o3:
            WRITTEN.append(path)


def test_a_photo_of_megabytes_is_written_to_no_file(port, tmp_path):
    sys.addaudithook(watch)
    IS_WATCHED.set()
    try:
        (tmp_path / "noticed").write_text("x")
        assert str(WRITTEN.pop()) == str(tmp_path / "noticed") and not WRITTEN
        content = packed(NOISE, "BMP")
        assert len(content) > 1_400_000
        for body, kind in ((content, "image/bmp"), form(content)):
            assert predict(port, body, kind, path="/predict?explain=1")[0] == 200
        assert WRITTEN == []
    finally:
        IS_WATCHED.clear()
