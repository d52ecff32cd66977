"""Reads an uploaded photo into memory, up to a limit, from a request body or a form field.

Starlette's own form parser is not used, because it writes uploads above a megabyte to a file.
"""

import asyncio
import logging

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

# The parser logs each fault of a form, and Python would print a line for each bad upload.
logging.getLogger("python_multipart").addHandler(logging.NullHandler())
FIELD = b"photo"
FORM = b"multipart/form-data"
MIN_RATE = 2_000  # bytes a second
FORM_ROOM = 10_000  # bytes of a form other than the photo: boundaries, headers, small fields


class UploadError(Exception):
    """An upload that is refused: an HTTP status, and the reason in one line.

    Args:
        status: The HTTP status.
        reason: The line.
    """

    def __init__(self, status, reason):
        super().__init__(reason)
        self.status = status


async def read_upload(headers, chunks, max_bytes, hold):
    """Reads the photo of a request.

    Args:
        headers: Mapping with lower-case names.
        chunks: Asynchronous iterable of the body's bytes.
        max_bytes: Most bytes of a photo.
        hold: Function that is called with the number of bytes before they are stored; its errors
            end the reading.

    Returns:
        The photo file, bytes.

    Raises:
        UploadError: 400 for a damaged form or one without a photo, 413 for too many bytes, 415 for
            another content type.
    """
    kind, parameters = parse_options_header(headers.get("content-type"))
    if kind != FORM and not kind.startswith(b"image/"):
        wanted = "send a form (multipart/form-data) with the field photo, or an image/* body"
        raise UploadError(415, f"the content type is {kind.decode('latin-1')!r}; {wanted}")
    limit = max_bytes + (FORM_ROOM if kind == FORM else 0)
    _check_length(headers.get("content-length", "0"), limit, max_bytes)
    counted = _counted(chunks, limit, max_bytes, hold)
    if kind == FORM:
        return await _from_form(counted, parameters.get(b"boundary"), max_bytes)
    return b"".join([chunk async for chunk in counted])


async def steady(chunks, seconds):
    """Passes chunks on while they come fast enough.

    Args:
        chunks: Asynchronous iterable of bytes.
        seconds: How long nothing may come, and from when on `MIN_RATE` counts.

    Yields:
        The chunks.

    Raises:
        UploadError: 408 if they come too slowly.
    """
    clock, total, pieces = asyncio.get_running_loop().time, 0, aiter(chunks)
    begin = clock()
    while True:
        try:
            chunk = await asyncio.wait_for(anext(pieces), seconds)
        except StopAsyncIteration:
            return
        except asyncio.TimeoutError:  # in Python 3.10 another than the built-in TimeoutError
            raise UploadError(408, f"the upload sent nothing for {seconds:g} seconds") from None
        total += len(chunk)
        passed = clock() - begin
        if passed > seconds and total < MIN_RATE * passed:
            raise UploadError(408, f"the upload is slower than {MIN_RATE:,} bytes a second")
        yield chunk


def _check_length(length, limit, max_bytes):
    if length.isdecimal() and int(length) > limit:
        raise _too_large(max_bytes)


def _too_large(max_bytes):
    return UploadError(413, f"the file has more than the {max_bytes:,} bytes allowed")


async def _counted(chunks, limit, max_bytes, hold):
    # A request may come without its length, so what arrives is counted too.
    total = 0
    async for chunk in chunks:
        total += len(chunk)
        if total > limit:
            raise _too_large(max_bytes)
        hold(len(chunk))
        yield chunk


async def _from_form(chunks, boundary, max_bytes):
    if not boundary:
        raise UploadError(400, "the form's content type names no boundary")
    form = _Form()
    try:
        parser = MultipartParser(boundary, form.callbacks())
        async for chunk in chunks:
            parser.write(chunk)
    except FormParserError as error:
        raise UploadError(400, "the form is damaged") from error
    if not form.is_complete:
        raise UploadError(400, "the form is cut off")
    if len(form.photos) != 1:
        raise UploadError(400, f"the form has {len(form.photos)} fields named photo; send one")
    if len(form.photos[0]) > max_bytes:
        raise _too_large(max_bytes)
    return bytes(form.photos[0])


class _Form:
    """Keeps the fields named `photo` of a form that a MultipartParser reads, and no others."""

    def __init__(self):
        self.photos, self.is_complete = [], False
        self._name, self._value, self._disposition, self._is_photo = b"", b"", b"", False

    def callbacks(self):
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._add_name,
            "on_header_value": self._add_value,
            "on_header_end": self._end_header,
            "on_headers_finished": self._end_headers,
            "on_part_data": self._add_content,
            "on_end": self._end,
        }

    def _begin(self):
        self._disposition = b""

    def _add_name(self, data, start, end):
        self._name += data[start:end]

    def _add_value(self, data, start, end):
        self._value += data[start:end]

    def _end_header(self):
        if self._name.lower() == b"content-disposition":
            self._disposition = self._value
        self._name, self._value = b"", b""

    def _end_headers(self):
        _, options = parse_options_header(self._disposition)
        self._is_photo = options.get(b"name") == FIELD
        if self._is_photo:
            self.photos.append(bytearray())

    def _add_content(self, data, start, end):
        if self._is_photo:
            self.photos[-1] += data[start:end]

    def _end(self):
        self.is_complete = True
