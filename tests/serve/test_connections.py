"""ferd.serve.connections: silent, slow and endless clients lose their connection, others do not."""

import contextlib
import http.client
import socket
import time

import pytest

from ferd.serve import connections
from tests.helpers.predicting import write_model
from tests.helpers.serving import ask, packed, predict, serving
from tests.helpers.sketches import face

SMALL = packed(face("happy", 100))
HEAD = b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\n"


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_model(tmp_path_factory.mktemp("model") / "tiny.onnx")


def connect(port):
    return socket.create_connection(("127.0.0.1", port), timeout=60)


def slow_uploads(stack, port, count):
    """Connections that have each sent one byte of a photo; `stack` closes them."""
    clients = []
    for _ in range(count):
        clients.append(stack.enter_context(connect(port)))
        clients[-1].sendall(HEAD + b"Content-Length: 1000\r\n\r\nx")
    return clients


def is_closed(client):
    """Whether the server ends a connection, after whatever it sends."""
    with contextlib.suppress(ConnectionResetError):
        while client.recv(65536):
            pass
    return True


def test_silent_connections_do_not_keep_others_out(model, monkeypatch):
    monkeypatch.setattr(connections, "SILENT_SECONDS", 0)
    with serving(model) as port, contextlib.ExitStack() as stack:
        silent = [stack.enter_context(connect(port)) for _ in range(300)]
        assert ask(port, "GET", "/healthz")[0] == 200
        assert predict(port, SMALL)[0] == 200
        assert is_closed(silent[0])


def test_a_connection_that_was_just_made_is_not_closed_for_others(model, monkeypatch):
    monkeypatch.setattr(connections, "SILENT_SECONDS", 600)
    with serving(model) as port, contextlib.ExitStack() as stack:
        first, *_ = [stack.enter_context(connect(port)) for _ in range(connections.MAX_SILENT * 2)]
        assert ask(port, "GET", "/healthz")[0] == 200
        first.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert first.recv(4096).startswith(b"HTTP/1.1 200 ")


def test_clients_that_send_on_after_the_answer_make_room_for_others(model, monkeypatch):
    monkeypatch.setattr(connections, "LINGER_SECONDS", 600)
    with serving(model, max_bytes=1000) as port, contextlib.ExitStack() as stack:
        clients = [stack.enter_context(connect(port)) for _ in range(connections.MAX_LINGERING + 1)]
        for client in clients:
            client.sendall(HEAD + b"Content-Length: 100000\r\n\r\nx")
            assert client.recv(4096).startswith(b"HTTP/1.1 413 ")
        assert is_closed(clients[0])
        assert ask(port, "GET", "/healthz")[0] == 200


def test_the_request_after_a_refused_upload_may_take_its_time(model, monkeypatch):
    monkeypatch.setattr(connections, "LINGER_SECONDS", 0.5)
    with serving(model, max_bytes=len(SMALL)) as port, connect(port) as client:
        client.sendall(HEAD + b"Content-Length: 100000\r\n\r\nx")
        while not client.recv(4096).endswith(b'allowed"}'):
            pass
        head = HEAD + b"Content-Length: %d\r\n\r\n" % len(SMALL)
        client.sendall(bytes(99_999) + head + SMALL[:-1])
        time.sleep(1)
        client.sendall(SMALL[-1:])
        assert client.recv(4096).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("start", [b"", b"GET / HTTP/1.1\r\nHost: loc", HEAD])
def test_headers_that_do_not_end_close_the_connection(start, model, monkeypatch):
    monkeypatch.setattr(connections, "HEADER_SECONDS", 0.3)
    with serving(model) as port, connect(port) as client:
        client.sendall(start)
        assert is_closed(client)
        assert ask(port, "GET", "/healthz")[0] == 200


def test_a_body_may_come_later_than_headers_may(model, monkeypatch):
    monkeypatch.setattr(connections, "HEADER_SECONDS", 1)
    with serving(model) as port, connect(port) as client:
        client.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(SMALL))
        time.sleep(1.5)
        client.sendall(SMALL)
        assert client.recv(4096).startswith(b"HTTP/1.1 200 ")


def test_an_endless_body_is_answered_and_then_not_read(model, monkeypatch):
    monkeypatch.setattr(connections, "LINGER_SECONDS", 0.3)
    with serving(model, max_bytes=100_000) as port, connect(port) as client:
        client.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        sent, end = 0, time.monotonic() + 60
        with contextlib.suppress(ConnectionError):
            while time.monotonic() < end:
                client.sendall(b"400\r\n" + bytes(0x400) + b"\r\n")
                sent += 1
        assert time.monotonic() < end
    with serving(model, max_bytes=100_000) as port, connect(port) as client:
        client.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        client.sendall((b"400\r\n" + bytes(0x400) + b"\r\n") * 120)
        assert client.recv(4096).startswith(b"HTTP/1.1 413 ")
        assert is_closed(client)


def test_uploads_of_one_byte_make_room_for_others(model):
    limits = {"max_requests": 8, "stall_seconds": 2.0}
    with serving(model, **limits) as port, contextlib.ExitStack() as stack:
        client = slow_uploads(stack, port, 8)[-1]
        assert client.recv(4096).startswith(b"HTTP/1.1 408 ")
        assert predict(port, SMALL)[0] == 200


def test_hundreds_of_slow_uploads_leave_room_for_a_photo(model):
    patient = {"stall_seconds": 600, "upload_seconds": 600}
    with serving(model, **patient) as port, contextlib.ExitStack() as stack:
        slow_uploads(stack, port, 200)
        assert ask(port, "GET", "/healthz")[0] == 200
        assert predict(port, SMALL)[0] == 200


def test_an_upload_that_drips_is_ended(model):
    with serving(model, stall_seconds=0.5) as port, connect(port) as client:
        client.sendall(HEAD + b"Content-Length: 100000\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            for _ in range(100):
                client.sendall(b"x")
                time.sleep(0.05)
        client.settimeout(60)
        assert client.recv(4096).startswith(b"HTTP/1.1 408 ")


def test_one_connection_serves_many_requests(model):
    with serving(model) as port:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for _ in range(5):
            client.request("GET", "/healthz")
            local = client.sock.getsockname()
            assert client.getresponse().read()
            assert client.sock.getsockname() == local
        client.close()
