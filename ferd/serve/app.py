"""Builds the web application: the page, samples, `POST /predict`, `/healthz` and `/metrics`."""

import asyncio
import contextlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.requests import ClientDisconnect

from ferd import __version__
from ferd.imaging.images import BadImage
from ferd.inference.photo_result import answer, prior_of
from ferd.inference.reading.photos import MAX_PIXELS
from ferd.serve.counters import Counted, Counters
from ferd.serve.decoder import Decoder
from ferd.serve.guard import Guard
from ferd.serve.schema import health_schema, predict_schema
from ferd.serve.uploads import UploadError, read_upload, steady
from ferd.serve.workload import Busy, Workload
from ferd.sketch.samples import sample

PAGE = Path(__file__).parent / "page"
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
MAX_BYTES = 20_000_000
ABOUT = {"title": "ferd", "version": __version__, "docs_url": None, "redoc_url": None}
BLANK = np.zeros((80, 80), "uint8")


@dataclass(frozen=True)
class Limits:
    """The limits of a server; of each of its workers if there are several.

    Args:
        max_bytes: Most bytes of a photo file.
        max_pixels: Most pixels of a photo.
        threads: Photos processed at a time.
        max_requests: Most uploads and photos at a time; further ones get status 503.
        max_waiting: Most of them that are complete, and wait or are predicted.
        held_bytes: Most bytes of photo files in memory, or two of the largest if that is more.
        upload_seconds: How long an upload may take.
        stall_seconds: How long an upload may send nothing, or less than `MIN_RATE`.
        decode_seconds: How long a photo may take to be decoded.
        answer_seconds: How long a prediction may take, waiting included.
    """

    max_bytes: int = MAX_BYTES
    max_pixels: int = MAX_PIXELS
    threads: int = 1
    max_requests: int = 256
    max_waiting: int = 64
    held_bytes: int = 200_000_000
    upload_seconds: float = 30.0
    stall_seconds: float = 5.0
    decode_seconds: float = 20.0
    answer_seconds: float = 60.0


def make_app(classifier, limits, access=None):
    """Builds the application.

    Args:
        classifier: A `ferd.inference.classifier.Classifier`.
        limits: A `Limits`.
        access: An `Access`; that of a page for this machine if None.

    Returns:
        An ASGI application.
    """
    held = max(limits.held_bytes, 2 * limits.max_bytes)
    counters = Counters()
    most = (limits.max_requests, limits.max_waiting, held, limits.answer_seconds)
    workload = Workload(limits.threads, *most, counters.photos.inc)
    # Photos are decoded one at a time, because a decoded one is large.
    decoder = Decoder(limits.max_pixels, limits.decode_seconds)

    @contextlib.asynccontextmanager
    async def lifespan(_):
        workload.warm_up(lambda: classifier.predict_faces(BLANK))
        decoder.start()
        yield
        workload.close()
        decoder.close()

    # FastAPI's documentation pages load scripts from another host, and its telemetry sends data to
    # where environment variables say, so both are off.
    silent = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
    app = FastAPI(**ABOUT, lifespan=lifespan, telemetry=silent)
    _add_page(app)
    _add_predict(app, classifier, limits, workload, decoder, counters)
    _add_health(app, classifier, limits, counters, decoder)
    _add_failures(app)
    return Counted(Guard(app, access), counters)


def _add_page(app):
    for file in PAGE.iterdir():
        path = "/" if file.name == "index.html" else f"/{file.name}"
        _add_file(app, path, file.read_bytes(), KINDS[file.suffix])

    @app.get("/samples/{name}.png", include_in_schema=False)
    def samples(name: str):
        try:
            return Response(sample(name), media_type="image/png")
        except KeyError:
            raise HTTPException(404, f"there is no sample {name!r}") from None


def _add_file(app, path, content, kind):
    @app.get(path, include_in_schema=False)
    async def file():
        return Response(content, media_type=kind)


def _add_predict(app, classifier, limits, workload, decoder, counters):
    def work(content, explain):
        photo, notes = decoder.decode(content)
        found = answer(classifier, photo, explain, notes)
        counters.faces.inc(len(found["faces"]))
        return found

    @app.post("/predict", **predict_schema())
    async def predict(request: Request):
        explain = request.query_params.get("explain", "0")
        if explain not in ("0", "1"):
            raise HTTPException(400, f"explain is {explain!r}; it must be 0 or 1")
        place = workload.enter()
        try:
            content = await _receive(request, limits, place)
        except BaseException:
            place.leave()
            raise
        return JSONResponse(await workload.run(place, work, content, explain == "1"))


async def _receive(request, limits, place):
    chunks = steady(request.stream(), limits.stall_seconds)
    upload = read_upload(request.headers, chunks, limits.max_bytes, place.hold)
    try:
        return await asyncio.wait_for(upload, limits.upload_seconds)
    except asyncio.TimeoutError:  # in Python 3.10 another than the built-in TimeoutError
        raise UploadError(408, f"the upload took over {limits.upload_seconds:g} seconds") from None
    except ClientDisconnect:
        raise UploadError(400, "the upload is cut off") from None


def _add_health(app, classifier, limits, counters, decoder):
    @app.get("/metrics", response_class=PlainTextResponse)
    async def metrics():
        return PlainTextResponse(counters.text(), media_type=CONTENT_TYPE_LATEST)

    @app.get("/healthz", **health_schema())
    async def healthz():
        return {
            "status": "ok",
            "model": classifier.network.sha256,
            "prior": prior_of(classifier),
            "version": __version__,
            # At most `decode_seconds`; then the process that decodes is replaced.
            "decoding_seconds": round(decoder.busy_seconds, 1),
            "limits": {"max_bytes": limits.max_bytes, "max_pixels": limits.max_pixels},
        }


def _add_failures(app):
    @app.exception_handler(UploadError)
    async def refused(_, error):
        return JSONResponse({"error": str(error)}, error.status)

    @app.exception_handler(BadImage)
    async def unreadable(_, error):
        return JSONResponse({"error": f"the file {error}"}, 422)

    @app.exception_handler(Busy)
    async def busy(_, error):
        return JSONResponse({"error": str(error)}, 503, {"retry-after": "1"})

    @app.exception_handler(AnyHTTPException)
    async def other(_, error):
        return JSONResponse({"error": error.detail}, error.status_code, error.headers)

    @app.exception_handler(Exception)
    async def failed(_, error):
        return JSONResponse({"error": "the prediction failed; the terminal shows the error"}, 500)
