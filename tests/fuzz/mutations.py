"""Damaged and hostile files, drawn from a seed."""

import io
import random
from typing import NamedTuple

import numpy as np
from PIL import Image

from ferd.decoding.pictures import HAS_AVIF
from tests.fuzz.structures import restructured
from tests.helpers.broken_files import animated_png, frame_header, packed, png, segment, with_first
from tests.helpers.sketches import face

GRAY = face("happy", 1, 64)
# Not flat anywhere, so that what is missing shows.
NOISE = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)


class Mutant(NamedTuple):
    """A file: its ending, its bytes, and whether every reader must notice that it is damaged."""

    ending: str
    content: bytes
    is_noticed: bool


def whole_images():
    """Dict of ending to whole files of every kind."""
    several = {"save_all": True, "append_images": [Image.fromarray(255 - GRAY)]}
    kinds = {
        "jpg": [
            packed(NOISE),
            packed(GRAY),
            packed(NOISE, progressive=True),
            packed(NOISE, restart_marker_blocks=5),
            _saved(Image.frombytes("CMYK", (64, 48), NOISE.tobytes()), "JPEG"),
        ],
        "png": [
            packed(NOISE, "PNG"),
            packed(GRAY.astype("uint16") * 257, "PNG"),
            packed(GRAY, "PNG", **several),
            png(40, 40),
        ],
        "bmp": [packed(NOISE, "BMP"), packed(GRAY, "BMP")],
        "webp": [
            packed(NOISE, "WEBP"),
            packed(NOISE, "WEBP", lossless=True),
            packed(GRAY, "WEBP", **several),
        ],
        "gif": [packed(NOISE, "GIF"), packed(GRAY, "GIF", **several)],
        "tif": [
            packed(NOISE, "TIFF"),
            packed(NOISE, "TIFF", compression="tiff_lzw"),
            packed(NOISE, "TIFF", compression="tiff_deflate"),
            packed(GRAY, "TIFF", **several),
        ],
        "ppm": [packed(NOISE, "PPM"), packed(GRAY, "PPM")],
    }
    if HAS_AVIF:
        kinds["avif"] = [packed(NOISE, "AVIF")]
    return kinds


def _saved(image, kind):
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


def crafted():
    """Files that once crashed a decoder, or kept it busy."""
    jpeg = packed(GRAY)
    progressive = packed(GRAY, progressive=True)
    scan = segment(0xDA, b"\x01\x01\x00\x01\x05\x10")
    contents = {
        "png": [animated_png(9, 9), animated_png(4, 4), animated_png(2**31, 1), png(filter_byte=9)],
        "jpg": [
            with_first(jpeg, b"\xff\x00\x00\x10" + frame_header(30_000, 30_000)),
            with_first(jpeg, frame_header(30_000, 30_000)),
            progressive[:-2] + scan * 30_000 + b"\xff\xd9",
            b"",
            b"\xff\xd8\xff",
        ],
        "ppm": [
            b"P5\n" + b"#\n" * 1_200_000 + b"4 4\n255\n" + bytes(16),
            b"P5\n99999 99999\n255\n",
        ],
        "gif": [b"GIF89a" + b"\xff" * 60],
        "tif": [b"II*\x00\x08\x00\x00\x00\xff\xff" + b"\xff" * 600],
    }
    return [Mutant(ending, one, True) for ending, many in contents.items() for one in many]


def images(seed, count, endings=None):
    """Yields `count` mutants; the crafted ones come first."""
    generator = random.Random(seed)
    kinds = whole_images()
    chosen = [ending for ending in kinds if endings is None or ending in endings]
    first = [mutant for mutant in crafted() if mutant.ending in chosen]
    yield from first[:count]
    for number in range(max(0, count - len(first))):
        ending = chosen[number % len(chosen)]
        yield _mutant(generator, ending, generator.choice(kinds[ending]))


def _mutant(generator, ending, whole):
    way = generator.choice(("cut", "flip", "flip", "run", "join", "number", *["structure"] * 3))
    if way == "structure":
        return Mutant(ending, *restructured(generator, ending, whole))
    if way == "cut":
        # Of an animation the first picture may be whole.
        is_noticed = not getattr(Image.open(io.BytesIO(whole)), "is_animated", False)
        return Mutant(ending, whole[: generator.randrange(int(0.8 * len(whole)))], is_noticed)
    changed = damaged(generator, whole, way)
    # A PNG's checksums show every change; other formats have none.
    is_noticed = ending == "png" and changed[:8] == whole[:8] and way != "join" and changed != whole
    return Mutant(ending, changed, is_noticed)


def damaged(generator, whole, way):
    """A file with bytes flipped, a run of bytes replaced, a piece put in, or a number changed."""
    content = bytearray(whole)
    if way == "flip":
        for _ in range(generator.choice((1, 2, 8))):
            content[generator.randrange(len(content))] ^= 1 << generator.randrange(8)
    elif way == "run":
        start = generator.randrange(len(content))
        stop = min(len(content), start + generator.randrange(1, 64))
        content[start:stop] = generator.choice((bytes, generator.randbytes))(stop - start)
    elif way == "join":
        at = generator.randrange(len(content))
        content[at:at] = whole[: generator.randrange(len(whole))]
    else:
        at = generator.randrange(min(len(content) - 4, 80))
        number = generator.choice((0, 1, 0x7FFF, 0xFFFF, 2**31 - 1, 2**31, 2**32 - 1))
        content[at : at + 4] = number.to_bytes(4, generator.choice(("big", "little")))
    return bytes(content)
