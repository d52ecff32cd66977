"""ferd.serve.uploads: the photo's bytes are returned unchanged, in memory, from any request."""

import asyncio
import tempfile

import pytest

from ferd.serve.uploads import FORM_ROOM, UploadError, read_upload
from tests.helpers.serving import BOUNDARY, form

PHOTO = bytes(range(256)) * 40 + b"\r\n--" + BOUNDARY.encode()[:-1] + b"\r\n--"


def read(body, kind, max_bytes=100_000, step=1000, hold=lambda count: None, **headers):
    async def chunks():
        for start in range(0, len(body), step):
            yield body[start : start + step]

    named = {"content-type": kind} | {key.replace("_", "-"): text for key, text in headers.items()}
    return asyncio.run(read_upload(named, chunks(), max_bytes, hold))


def refusal(*arguments, **options):
    with pytest.raises(UploadError) as error:
        read(*arguments, **options)
    assert "\n" not in str(error.value)
    return error.value.status, str(error.value)


def part(name, content):
    return b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (
        *(BOUNDARY.encode(), name),
        content,
    )


@pytest.mark.parametrize("step", [1, 7, 1000, 10**6])
def test_both_ways_give_the_very_bytes_whatever_the_chunks(step):
    assert read(PHOTO, "image/jpeg", step=step) == PHOTO
    assert read(*form(PHOTO), step=step) == PHOTO


def test_other_fields_are_passed_over():
    body = part(b"note", b"hello") + part(b"photo", PHOTO) + part(b"photos", b"other")
    body += b"--%s--\r\n" % BOUNDARY.encode()
    assert read(body, form(b"")[1]) == PHOTO


def test_a_photo_of_the_largest_size_is_taken_and_one_byte_more_is_not():
    for wrap in (lambda content: (content, "image/png"), form):
        assert read(*wrap(b"x" * 5000), max_bytes=5000) == b"x" * 5000
        status, line = refusal(*wrap(b"x" * 5001), max_bytes=5000)
        assert status == 413 and "5,000 bytes" in line


def test_a_length_over_the_limit_is_refused_before_anything_is_read():
    async def chunks():
        raise AssertionError("was read")
        yield b""

    for kind in ("image/png", f"multipart/form-data; boundary={BOUNDARY}"):
        headers = {"content-type": kind, "content-length": str(1001 + FORM_ROOM)}
        with pytest.raises(UploadError) as error:
            asyncio.run(read_upload(headers, chunks(), 1000, None))
        assert error.value.status == 413


def test_no_more_is_held_than_the_limit_where_the_length_is_not_told():
    held = []
    assert refusal(b"x" * 10**6, "image/png", max_bytes=5000, hold=held.append)[0] == 413
    assert sum(held) == 5000


@pytest.mark.parametrize(
    "body, kind, status, reason",
    [
        (b"x", None, 415, "the content type is ''"),
        (b"x", "text/plain", 415, "'text/plain'"),
        (b"x", "application/x-www-form-urlencoded", 415, "field photo"),
        (b"x", "multipart/form-data", 400, "no boundary"),
        (b"x", "multipart/form-data; boundary=" + "b" * 999, 400, "damaged"),
        (b"hello", form(b"")[1], 400, "damaged"),
        (b"", form(b"")[1], 400, "cut off"),
        (form(PHOTO)[0][:-30], form(b"")[1], 400, "cut off"),
        (form(PHOTO, "image")[0], form(b"")[1], 400, "0 fields named photo"),
        (part(b"photo", b"x") + form(b"x")[0], form(b"")[1], 400, "2 fields named photo"),
        (b"--%s\r\n%s\r\n\r\nx" % (BOUNDARY.encode(), b"a" * 9), form(b"")[1], 400, "damaged"),
        (b"--%s\r\na: %s\r\n\r\n" % (BOUNDARY.encode(), b"a" * 9999), form(b"")[1], 400, "damaged"),
    ],
)
def test_what_is_no_upload_is_refused_with_its_reason(body, kind, status, reason):
    found, line = refusal(body, kind)
    assert found == status and reason in line


def test_a_large_upload_makes_no_file(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a temporary file is made")

    for name in ("SpooledTemporaryFile", "TemporaryFile", "NamedTemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, refuse)
    large = PHOTO * 400
    assert len(large) > 4_000_000
    assert read(*form(large), max_bytes=10**7, step=65536) == large
