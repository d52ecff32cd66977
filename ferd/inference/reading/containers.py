r"""Recognizes video files by their first bytes, and refuses files that name other files.

FFmpeg goes by a file's content, not by its name: a playlist called `clip.mp4` makes it open
the files and addresses in the playlist. So a file is opened only if it starts like a
container of video.

Reference:
    - FFmpeg's probing of formats, `libavformat/format.c` and `libavformat/hls.c`
"""

import contextlib
import os
import re
from collections.abc import Iterator

from ferd.inference.reading.mp4 import names_others

HEAD = 1 << 20  # FFmpeg decides by at most so many bytes
TYPES_OF_QUICKTIME = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
STILL_PICTURES = (b"jp2 ", b"jpx ", b"jxl ")
STARTS = {
    b"\x1a\x45\xdf\xa3": "Matroska or WebM",
    b"FLV\x01": "FLV",
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11": "ASF",
    b"OggS\x00": "Ogg",
    b"\x00\x00\x01\xba": "MPEG program stream",
    b"\x00\x00\x01\xb3": "MPEG video",
}
SYNC, PACKETS = 0x47, 5  # of a transport stream
# Manifests that FFmpeg also finds after the first bytes: SDP and DASH.
MANIFEST = re.compile(rb"(?:^|[\r\n])c=IN IP|<MPD")
TEXT = re.compile(rb"(?:\xef\xbb\xbf)?[\t\r\n\x20-\x7e]+")
QUICKTIME = "MP4 or QuickTime"
NO_VIDEO = "is no video, or has no frames"
# FFmpeg's own limits on what it opens, in its names of formats; OpenCV 4.11 does not pass them on.
VARIABLE = "OPENCV_FFMPEG_CAPTURE_OPTIONS"
DEMUXERS = "mov,mp4,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,asf,ogg"
OPTIONS = f"protocol_whitelist;file|format_whitelist;{DEMUXERS}|enable_drefs;0"
ELSEWHERE = "has its frames in another file, which is not opened"
A_TEXT = "is no video but a text file (files that a playlist names are not opened)"


def container(head: bytes) -> str | None:
    """Names the container of a video.

    Args:
        head: The file's first bytes; `HEAD` of them if it has so many.

    Returns:
        The container's name; None if it is not read here, or has a manifest inside.
    """
    if MANIFEST.search(head):
        return None
    if head[4:8] in TYPES_OF_QUICKTIME and head[8:12] not in STILL_PICTURES:
        return QUICKTIME
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "AVI"
    if _is_transport_stream(head):
        return "MPEG transport stream"
    return next((name for start, name in STARTS.items() if head.startswith(start)), None)


def refusal(path: str) -> str | None:
    """Reads the start of a file and says why it must not be opened as a video.

    Args:
        path: The file.

    Returns:
        The reason without the file's name; None if it may be opened.
    """
    try:
        with open(path, "rb") as file:
            head = file.read(HEAD)
    except OSError as error:
        return f"cannot be read ({error.strerror or error})"
    if not head:
        return "is an empty file"
    if kind := container(head):
        return ELSEWHERE if kind == QUICKTIME and names_others(path) else None
    return A_TEXT if TEXT.fullmatch(head[:32]) or MANIFEST.search(head) else NO_VIDEO


@contextlib.contextmanager
def restricted() -> Iterator[None]:
    """Lets FFmpeg open only files, and of these only containers of video, in this context."""
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = f"{before}|{OPTIONS}" if before else OPTIONS
    try:
        yield
    finally:
        del os.environ[VARIABLE]
        if before is not None:
            os.environ[VARIABLE] = before


def _is_transport_stream(head: bytes) -> bool:
    # A Blu-ray disc and some cameras put 4 bytes before each packet of 188.
    for size, start in ((188, 0), (192, 4)):
        places = range(start, min(len(head), size * PACKETS), size)
        if places and all(head[place] == SYNC for place in places):
            return b"\0" in head[: places.stop]  # which no text has
    return False
