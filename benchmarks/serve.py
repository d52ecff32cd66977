"""Load test of `ferd serve`: 50 clients at once for a minute, one upload in nine malformed.

Reads   ferd/models/ferd.onnx, or the tests' tiny network if it is missing
Writes  section `serve` of benchmarks/results.json
Run     python benchmarks/serve.py [--rounds 3]     (make bench runs all; FERD_SECONDS=6 in
        the environment for a short run)
Takes   about 10 minutes
Expect  no errors: 200 for every photo, 4xx for every malformed upload; memory that stops growing;
        /healthz answered in less than a second
"""

import http.client
import os
import random
import statistics
import threading
import time

import common
from serving.server import Memory, OtherWork, running, watched

SECONDS = float(os.environ.get("FERD_SECONDS", 60))
CLIENTS = 50
MARKS = (1 / 6, 1 / 2, 1)  # fractions of SECONDS at which the memory is read


def load(path, *options):
    """Requests/s, unexpected answers, ms and MiB of one run."""
    with running(*options) as (process, port):
        return measure(process, port, path)


def measure(process, port, path):
    answers, uploads = [], [*photos()] * 2 + [*malformed()]
    memory = Memory(process)
    with watched(port, SECONDS) as health:
        memory.start()
        others = OtherWork()
        start = time.monotonic()
        end = start + SECONDS
        clients = [
            threading.Thread(target=client, args=(port, path, uploads, number, end, answers))
            for number in range(CLIENTS)
        ]
        for thread in clients:
            thread.start()
        peaks = {}
        for mark in MARKS:
            time.sleep(max(0, start + mark * SECONDS - time.monotonic()))
            peaks[f"peak_mib_at_{mark * SECONDS:.0f}_s"] = memory.peak
        for thread in clients:
            thread.join()
        seconds = time.monotonic() - start
        peaks["busy_cores"] = others.busy_cores()
        memory.stop()
    return summary(answers, seconds) | peaks | health


def client(port, path, uploads, number, end, answers):
    """Posts one upload after the other; appends `(ms, is malformed, is as expected)` for each."""
    draw = random.Random(number)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    while time.monotonic() < end:
        body, kind, expected = draw.choice(uploads)
        start = time.perf_counter()
        try:
            connection.request("POST", path, body, {"content-type": kind})
            response = connection.getresponse()
            status = response.status if response.read() else 0
        except (OSError, http.client.HTTPException):
            connection.close()
            status = 0
        answers.append((1000 * (time.perf_counter() - start), expected != 200, status == expected))


def photos():
    """Drawn faces and pictures without a face, in several sizes: `(body, content type, status)`."""
    import numpy as np

    from ferd.sketch.faces import draw_face, draw_scene
    from tests.helpers.predicting import PHOTO, photo
    from tests.helpers.serving import form, packed

    generator = np.random.default_rng(0)
    large = photo([("sad", 1, 600, 100, 100), ("fear", 2, 500, 900, 300)], 1600, 1000)
    pictures = [draw_face(name, generator, size) for name in ("happy", "sad") for size in (48, 240)]
    pictures += [PHOTO, PHOTO[::2, ::2].copy(), draw_scene(generator, 96)]
    for picture in pictures:
        yield packed(picture), "image/png", 200
        yield *form(packed(picture, "JPEG")), 200
    yield packed(large, "JPEG"), "image/jpeg", 200


def malformed():
    """Malformed uploads, each with the expected status."""
    from tests.helpers.predicting import PHOTO
    from tests.helpers.serving import form, packed

    yield b"hello", "image/png", 422
    yield packed(PHOTO)[:5000], "image/png", 422
    yield form(packed(PHOTO))[0][:-40], form(b"")[1], 400
    yield b"x" * 21_000_000, "image/png", 413


def summary(answers, seconds):
    """Sums up the responses."""
    times = sorted(milliseconds for milliseconds, *_ in answers)
    return {
        "requests_per_second": len(answers) / seconds,
        "requests": len(answers),
        "malformed": sum(is_malformed for _, is_malformed, _ in answers),
        "errors": sum(not is_expected for *_, is_expected in answers),
        "median_milliseconds": statistics.median(times),
        "milliseconds_of_99_percent": times[int(0.99 * (len(times) - 1))],
    }


def compare(medians):
    """Growth of the peak memory in the second half of the minute, and by a second worker."""
    half, whole = (f"peak_mib_at_{mark * SECONDS:.0f}_s" for mark in MARKS[1:])
    figures = {"peak_growth": {name: row[whole] / row[half] for name, row in medians.items()}}
    figures["busy_cores"] = max(row["busy_cores"] for row in medians.values())
    if "two_workers" in medians:
        more = medians["two_workers"][whole] - medians["photos"][whole]
        figures["further_mib_with_a_second_worker"] = more
    return figures


if __name__ == "__main__":
    variants = {
        "photos": lambda: load("/predict"),
        "two_workers": lambda: load("/predict", "--workers", 2),
        "maps": lambda: load("/predict?explain=1"),
    }
    common.main("serve", __doc__, variants, compare)
