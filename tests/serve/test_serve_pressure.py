"""The server under load: too many or too slow requests are refused, and all places are released."""

import contextlib
import json
import os
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import active_children

import pytest

from ferd.inference.onnx_network import OnnxNetwork
from tests.helpers.predicting import write_model
from tests.helpers.serving import ask, json_of, packed, predict, serving
from tests.helpers.sketches import face

SMALL = packed(face("happy", 100))
BEGUN = (
    b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\n"
    b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(SMALL)
)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_model(tmp_path_factory.mktemp("model") / "tiny.onnx")


class Slow:
    """A classifier that predicts on a signal."""

    prior = None

    def __init__(self, model):
        self.network, self.go, self.calls = OnnxNetwork(model, 1), threading.Event(), 0

    def predict_faces(self, photo):
        self.calls += 1
        if photo.any() and not self.go.wait(30):
            raise TimeoutError
        return []


def wait_until(condition):
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


@contextlib.contextmanager
def begun(port):
    """A socket whose upload of SMALL has its place: the server has asked for the body."""
    with socket.create_connection(("127.0.0.1", port), timeout=120) as upload:
        upload.sendall(BEGUN)
        assert upload.recv(4096) == b"HTTP/1.1 100 Continue\r\n\r\n"
        yield upload


def test_one_photo_too_many_is_503_while_health_answers_and_the_others_are_served(model):
    with serving(model, max_requests=2) as port, begun(port) as one, begun(port) as other:
        status, headers, content = ask(port, "POST", "/predict", SMALL, content_type="image/png")
        assert (status, headers["retry-after"]) == (503, "1")
        assert "too many photos" in json.loads(content)["error"]
        assert json_of(ask(port, "GET", "/healthz"))["status"] == "ok"
        for upload in (one, other):
            upload.sendall(SMALL)
            assert upload.recv(4096).startswith(b"HTTP/1.1 200 ")
        assert predict(port, SMALL)[0] == 200


def test_uploads_of_too_many_bytes_together_are_503(model):
    with serving(model, held_bytes=0, max_bytes=len(SMALL)) as port, begun(port) as one:
        with begun(port) as other:
            one.sendall(SMALL[:-1])
            other.sendall(SMALL[:-1])
            assert predict(port, SMALL)[0] == 503
        one.sendall(SMALL[-1:])
        assert one.recv(4096).startswith(b"HTTP/1.1 200 ")
        wait_until(lambda: predict(port, SMALL)[0] == 200)


def test_an_upload_that_stalls_is_ended_and_its_place_is_free_again(model):
    with serving(model, max_requests=1, upload_seconds=0.5) as port:
        with begun(port) as stalling:
            assert stalling.recv(4096).startswith(b"HTTP/1.1 408 ")
        assert predict(port, SMALL)[0] == 200


def test_an_upload_that_breaks_off_frees_its_place(model):
    with serving(model, max_requests=1, upload_seconds=600) as port:
        with begun(port):
            assert predict(port, SMALL)[0] == 503
        wait_until(lambda: predict(port, SMALL)[0] == 200)


def test_an_answer_that_takes_too_long_is_given_up(model):
    slow = Slow(model)
    with serving(slow, answer_seconds=1.0) as port:
        status, answer = predict(port, SMALL)
        slow.go.set()
        assert status == 503 and "took too long" in answer["error"]
        wait_until(lambda: predict(port, SMALL)[0] == 200)


def test_a_failure_of_the_network_is_told_without_its_inside_and_the_server_goes_on(model, capfd):
    slow = Slow(model)
    slow.go.set()
    with serving(slow) as port:
        good, slow.predict_faces = slow.predict_faces, lambda photo: 1 / 0
        status, headers, content = ask(port, "POST", "/predict", SMALL, content_type="image/png")
        assert status == 500 and b"Zero" not in content and json.loads(content)["error"]
        assert headers["content-security-policy"]
        slow.predict_faces = good
        assert predict(port, SMALL)[0] == 200
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_health_is_answered_while_a_photo_holds_the_decoder_which_is_then_ended(model):
    with serving(model, decode_seconds=2.0) as port, ThreadPoolExecutor(1) as client:
        (decoder,) = (child for child in active_children() if child.name == "decoder")
        os.kill(decoder.pid, signal.SIGSTOP)  # as slow as can be
        upload = client.submit(predict, port, SMALL)
        wait_until(lambda: json_of(ask(port, "GET", "/healthz"))["decoding_seconds"] > 0)
        status, answer = upload.result()
        assert status == 422 and "takes more than 2 seconds to decode" in answer["error"]
        assert predict(port, SMALL)[0] == 200
