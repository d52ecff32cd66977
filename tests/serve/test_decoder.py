"""ferd.serve.decoder: uploads are decoded in a process that may be slow, large or die."""

import os
import signal
import threading
import time

import numpy as np
import pytest

from ferd.imaging.images import BadImage
from ferd.serve.decoder import Decoder
from tests.helpers.broken_files import GRAY, noise, packed, png
from tests.helpers.predicting import rgb

PIXELS = 10**6


@pytest.fixture
def decoder():
    one = Decoder(PIXELS, seconds=60)
    yield one
    one.close()


def test_it_gives_the_colors_and_the_notes(decoder):
    colors = np.stack([GRAY, GRAY[::-1], GRAY[:, ::-1]], axis=-1)
    pixels, notes = decoder.decode(packed(colors, "PNG"))
    assert np.array_equal(pixels, colors) and notes == ()
    assert np.array_equal(decoder.decode(packed(GRAY, "PNG"))[0], rgb(GRAY))
    pixels, notes = decoder.decode(packed(noise(1200, 1000)))
    assert pixels.shape == (600, 500, 3) and "1000 x 1200" in notes[0]


def test_of_a_jpeg_without_its_last_bytes_the_rest_comes_back_and_what_is_missing(decoder):
    whole, (pixels, notes) = decoder.decode(packed())[0], decoder.decode(packed()[:-2])
    assert np.array_equal(pixels, whole)
    assert notes == ("is cut off: its end marker is missing, and the picture is complete",)
    pixels, (note,) = decoder.decode(packed()[:-9])
    assert pixels.shape == whole.shape and np.array_equal(pixels[:48], whole[:48])
    assert note.startswith("is cut off: the picture is missing from ")


def test_a_reason_comes_back_and_the_process_stays(decoder):
    decoder.start()
    process = decoder._process
    for content in (b"hello", b"", png(filter_byte=9), packed()[:400]):
        with pytest.raises(BadImage):
            decoder.decode(content)
    assert decoder._process is process and process.is_alive()


def test_a_ppm_is_no_upload(decoder):
    with pytest.raises(BadImage, match="is not an image"):
        decoder.decode(packed(GRAY, "PPM"))


def test_a_file_that_takes_too_long_ends_the_process_and_the_next_one_is_decoded(decoder):
    decoder.start()
    first = decoder._process
    os.kill(first.pid, signal.SIGSTOP)  # as slow as can be
    decoder.seconds = 0.2
    with pytest.raises(BadImage, match=r"takes more than 0\.2 seconds"):
        decoder.decode(packed())
    assert not first.is_alive() and decoder.busy_seconds == 0
    decoder.seconds = 60
    assert decoder.decode(packed(GRAY, "PNG"))[0].shape[:2] == GRAY.shape


def test_a_process_that_dies_is_a_reason_and_is_replaced(decoder):
    decoder.start()
    first = decoder._process
    os.kill(first.pid, signal.SIGSTOP)
    threading.Timer(0.2, os.kill, (first.pid, signal.SIGKILL)).start()
    with pytest.raises(BadImage, match="the decoder failed"):
        decoder.decode(packed())
    assert decoder.decode(packed(GRAY, "PNG"))[0].shape[:2] == GRAY.shape


def test_memory_is_limited():
    # A million pixels are allowed, and memory for far fewer is there.
    small = Decoder(PIXELS, seconds=60)
    try:
        small.start()
        with open(f"/proc/{small._process.pid}/limits", encoding="ascii") as file:
            line = next(line for line in file if line.startswith("Max address space"))
        with open(f"/proc/{small._process.pid}/statm", encoding="ascii") as file:
            size = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        assert size < int(line.split()[3]) < size + 2**29
    finally:
        small.close()


def test_closing_ends_a_process_that_works():
    one = Decoder(PIXELS, seconds=60)
    one.start()
    os.kill(one._process.pid, signal.SIGSTOP)
    process, failures = one._process, []

    def work():
        with pytest.raises(BadImage):
            one.decode(packed())
        failures.append("refused")

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(0.1)
    one.close()
    thread.join(30)
    assert failures == ["refused"] and not process.is_alive()
    with pytest.raises(BadImage, match="the server ends"):
        one.decode(packed())
