"""Image files that contradict themselves, built byte by byte."""

import io
import struct
import zlib

import numpy as np
from PIL import Image

from tests.helpers.sketches import face

GRAY = face("happy", 1, 64)


def packed(pixels=GRAY, kind="JPEG", **options):
    """An image file's bytes."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind, **options)
    return file.getvalue()


def chunk(kind, body=b""):
    """A PNG chunk with its length and checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width=8, height=8, before=(), filter_byte=0, data=None):
    """A gray PNG; `before` are chunks between its header and its data."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = bytes([filter_byte, *range(width)]) * height if data is None else data
    parts = [chunk(b"IHDR", header), *before, chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def animated_png(width, height, left=0, top=0):
    """A PNG of 8 x 8 pixels whose first frame claims another place."""
    control = struct.pack(">IIIIIHHBB", 0, width, height, left, top, 1, 10, 0, 0)
    count = chunk(b"acTL", struct.pack(">II", 1, 0))
    return png(before=[count, chunk(b"fcTL", control)])


def segment(marker, body=b""):
    """A JPEG segment with its length."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def frame_header(width, height):
    """The header of a gray baseline JPEG."""
    return segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00")


def with_first(content, extra):
    """A JPEG with bytes put before its first segment."""
    return content[:2] + extra + content[2:]


def scan_of(content):
    """Where the image data of a JPEG of one scan starts and ends."""
    header = content.index(b"\xff\xda")
    length = int.from_bytes(content[header + 2 : header + 4], "big")
    return header + 2 + length, len(content) - 2


def noise(height=64, width=64, channels=3, seed=0):
    """Random pixels, gray or in colour."""
    shape = (height, width, channels)[: 2 if channels == 1 else 3]
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
