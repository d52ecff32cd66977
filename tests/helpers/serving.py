"""A server of the tests' tiny model in a thread, and requests to it without a client's help."""

import contextlib
import http.client
import io
import json
import threading
import time

from PIL import Image

from ferd.inference.classifier import Classifier
from ferd.serve.app import Limits, make_app
from ferd.serve.serving import listen, make_server

BOUNDARY = "boundary0123"


@contextlib.contextmanager
def serving(model, access=None, **limits):
    """Serves a model on a free port.

    Args:
        model: Path of an ONNX file, or a stand-in for a `Classifier`.
        access: An `Access`.
        limits: Fields of `Limits` that are not the usual ones.

    Yields:
        The port.
    """
    classifier = model if hasattr(model, "predict_faces") else Classifier.load(model, threads=1)
    with listen(0) as listener:
        server = make_server(make_app(classifier, Limits(**limits), access))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started:
                assert thread.is_alive()
                time.sleep(0.01)
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


def ask(port, method, path, body=None, **headers):
    """One request.

    Args:
        body: Bytes, or an iterable of bytes, which is sent in chunks without a length.
        headers: Names with `_` for `-`.

    Returns:
        `(status, headers, content)`.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request(method, path, body, named)
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def predict(port, content, kind="image/png", path="/predict", **headers):
    """Posts a photo as the request's body; `(status, JSON)`."""
    status, _, body = ask(port, "POST", path, content, content_type=kind, **headers)
    return status, json.loads(body)


def form(content, field="photo"):
    """A form with one file; `(body, content type)`."""
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="a.png"\r\n'
        "Content-Type: image/png\r\n\r\n"
    )
    tail = f"\r\n--{BOUNDARY}--\r\n"
    return head.encode() + content + tail.encode(), f"multipart/form-data; boundary={BOUNDARY}"


def packed(pixels, kind="PNG", mode=None, **options):
    """An image file's bytes, in another of Pillow's modes where it is given."""
    file = io.BytesIO()
    Image.fromarray(pixels).convert(mode).save(file, kind, **options)
    return file.getvalue()


def json_of(answer):
    """The JSON of an `ask`."""
    return json.loads(answer[2])
