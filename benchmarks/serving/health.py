"""Asks a server for /healthz ten times a second, each time on a new connection.

Run     python benchmarks/serving/health.py PORT SECONDS
Prints  a line of JSON: the times of the answers, and how many did not come or were not 200
"""

import http.client
import json
import sys
import time

PAUSE = 0.1
TIMEOUT = 30


def ask(port):
    """Milliseconds of one answer, and whether it was 200."""
    start = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    try:
        connection.request("GET", "/healthz")
        response = connection.getresponse()
        is_well = bool(response.read()) and response.status == 200
    except (OSError, http.client.HTTPException):
        is_well = False
    finally:
        connection.close()
    return 1000 * (time.perf_counter() - start), is_well


def watch(port, seconds):
    """Asks for some seconds; the figures of all answers."""
    end = time.monotonic() + seconds
    answers = []
    while time.monotonic() < end:
        answers.append(ask(port))
        time.sleep(PAUSE)
    return figures(answers)


def figures(answers):
    """The figures of `(milliseconds, is well)` pairs."""
    times = sorted(milliseconds for milliseconds, _ in answers)
    return {
        "healthz_answers": len(answers),
        "healthz_errors": sum(not is_well for _, is_well in answers),
        "healthz_milliseconds_of_99_percent": times[int(0.99 * (len(times) - 1))],
        "healthz_milliseconds_at_most": times[-1],
    }


if __name__ == "__main__":
    print(json.dumps(watch(int(sys.argv[1]), float(sys.argv[2]))))
