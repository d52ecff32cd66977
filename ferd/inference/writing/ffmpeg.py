"""Encodes videos that browsers play, with sound, where the program ffmpeg is installed."""

import contextlib
import functools
import os
import re
import shutil
import subprocess
import tempfile
from fractions import Fraction
from typing import Any

from numpy.typing import NDArray

QUIET = ("-hide_banner", "-loglevel", "error", "-nostdin", "-y")
# A video that names other files or addresses is not followed.
LOCAL = ("-protocol_whitelist", "file")
# 4:2:0 is the only H.264 that all browsers play, and it needs even sides.
H264 = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-pix_fmt", "yuv420p")
EVEN = ("-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2")
FAST_START = ("-movflags", "+faststart")
PLAYED = ("aac", "mp3", "opus", "flac")  # sound that browsers play from MP4


class FfmpegError(OSError):
    """The program ffmpeg has failed; the message is its own last line."""


@functools.cache
def usable(path: str | None) -> bool:
    """Whether a program is an ffmpeg that encodes H.264, which is tried with one black frame.

    Args:
        path: As `shutil.which` gives it.
    """
    if path is None:
        return False
    raw = ("-f", "rawvideo", "-pix_fmt", "rgb24", "-video_size", "64x64", "-i", "pipe:0")
    command = [path, "-hide_banner", "-loglevel", "quiet", *raw, *H264, "-f", "null", "-"]
    try:
        return subprocess.run(command, input=bytes(3 * 64 * 64), check=False).returncode == 0
    except OSError:
        return False


def found() -> str | None:
    """The path of ffmpeg; None if the `PATH` has none."""
    return shutil.which("ffmpeg")


class FfmpegVideo:
    """Writes an MP4 file that browsers play. It is complete whenever its writer ends or dies.

    Args:
        program: The path of ffmpeg.
        path: The file.
        rate: Frames per second.
        size: Width and height.

    Raises:
        FfmpegError: If ffmpeg cannot be started.
    """

    def __init__(self, program: str, path: str, rate: float, size: tuple[int, int]) -> None:
        self._path = path
        self._open = contextlib.ExitStack()
        log = tempfile.TemporaryFile()  # noqa: SIM115 # closed with the video
        self._log = self._open.enter_context(log)
        exact = Fraction(rate).limit_denominator(100_000)
        raw = ("-f", "rawvideo", "-pix_fmt", "rgb24", "-video_size", f"{size[0]}x{size[1]}")
        command = [program, *(one for one in QUIET if one != "-nostdin"), *raw]
        command += ["-framerate", f"{exact.numerator}/{exact.denominator}", "-i", "pipe:0"]
        command += [*EVEN, *H264, *FAST_START, f"file:{os.path.abspath(path)}"]
        try:
            # In a session of its own, because a terminal sends Ctrl-C to the whole group: ffmpeg
            # has to take the last frames and to complete the file.
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stderr=self._log, start_new_session=True
            )
        except OSError as error:
            raise FfmpegError(f"{path}: ffmpeg cannot be started ({error.strerror})") from error

    def write(self, pixels: NDArray[Any]) -> None:
        """Writes a frame: uint8 RGB.

        Raises:
            FfmpegError: If ffmpeg has failed.
        """
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(pixels.tobytes())
        except BrokenPipeError as error:
            self._process.wait()
            raise self._failure() from error

    def close(self) -> None:
        """Completes the file.

        Raises:
            FfmpegError: If ffmpeg has failed.
        """
        assert self._process.stdin is not None
        with self._open:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()
            if self._process.wait() != 0:
                raise self._failure()

    def _failure(self) -> FfmpegError:
        self._log.seek(0)
        reason = _last_line(self._log.read())
        return FfmpegError(f"{self._path}: ffmpeg cannot write this video ({reason})")


def add_sound(program: str, path: str, source: str, seconds: float) -> None:
    """Gives a silent MP4 file the sound of another video, up to a time.

    Args:
        program: The path of ffmpeg.
        path: The MP4 file. It is replaced at once.
        source: The video whose sound is taken; nothing is done if it has none.
        seconds: The length of the MP4 file.

    Raises:
        FfmpegError: If the sound cannot be read or written; the file stays as it is.
    """
    codec = sound(program, source)
    if codec is None:
        return
    kind = "copy" if codec in PLAYED else "aac"
    inputs = (
        "-i",
        f"file:{os.path.abspath(path)}",
        *LOCAL,
        "-i",
        f"file:{os.path.abspath(source)}",
    )
    streams = ("-map", "0:v:0", "-map", "1:a:0", "-c:v", "copy", "-c:a", kind)
    with tempfile.TemporaryDirectory(prefix=".ferd-", dir=os.path.dirname(path)) as folder:
        whole = os.path.join(folder, "video.mp4")
        command = [program, *QUIET, *inputs, *streams, "-t", f"{seconds:.6f}", *FAST_START]
        done = subprocess.run(
            [*command, f"file:{os.path.abspath(whole)}"], capture_output=True, check=False
        )
        if done.returncode:
            raise FfmpegError(
                f"{path} has no sound: ffmpeg cannot copy it from {source}"
                f" ({_last_line(done.stderr)})"
            )
        os.replace(whole, path)


def sound(program: str, source: str) -> str | None:
    """Names the codec of a video's first sound; None if it has none."""
    command = [program, "-hide_banner", "-nostdin", *LOCAL, "-i", f"file:{os.path.abspath(source)}"]
    # Without an output ffmpeg describes the input and ends with an error.
    described = subprocess.run(command, capture_output=True, check=False).stderr
    codec = re.search(rb"^ *Stream #\d.*?: Audio: (\w+)", described, re.MULTILINE)
    return codec[1].decode() if codec else None


def _last_line(content: bytes) -> str:
    lines = content.decode(errors="replace").strip().splitlines()
    return lines[-1].strip() if lines else "it gives no reason"
