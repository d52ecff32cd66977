"""Counts the answers of a server, for Prometheus."""

import os
import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from ferd.serve.workers import SHARED

# Other paths are counted together: else a client could add a time series with every new path.
PATHS = frozenset({"/", "/predict", "/healthz", "/metrics", "/openapi.json"})
SECONDS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60)


class Counters:
    """Counts answers by path and status, their seconds, the faces found, and photos in work.

    Where the server has several workers, each counts in files of a folder that all can read.
    """

    def __init__(self):
        self.folder = os.environ.get(SHARED)
        self.registry = CollectorRegistry()
        options = {"registry": self.registry}
        self.answers = Counter("ferd_answers", "Answers.", ("path", "status"), **options)
        self.lost = Counter("ferd_lost", "Clients gone before an answer.", ("path",), **options)
        self.seconds = Histogram(
            "ferd_answer_seconds",
            "Seconds from a request's headers to the end of its answer.",
            ("path",),
            buckets=SECONDS,
            **options,
        )
        self.faces = Counter("ferd_faces", "Faces found in photos.", **options)
        text = "Photos that wait or are predicted now."
        self.photos = Gauge("ferd_photos", text, multiprocess_mode="livesum", **options)

    def text(self):
        """The numbers of all workers in Prometheus' text format, bytes."""
        if self.folder is None:
            return generate_latest(self.registry)
        together = CollectorRegistry()
        MultiProcessCollector(together, self.folder)
        return generate_latest(together)


class Counted:
    """An ASGI application whose answers are counted.

    Args:
        app: The application.
        counters: `Counters`.
    """

    def __init__(self, app, counters):
        self.app, self.counters = app, counters

    async def __call__(self, scope, receive, send):
        """As in ASGI."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        path = scope["path"] if scope["path"] in PATHS else "other"
        statuses, start = [], time.perf_counter()

        async def counted(message):
            if message["type"] == "http.response.start":
                statuses.append(str(message["status"]))
            await send(message)

        try:
            await self.app(scope, receive, counted)
        finally:
            if statuses:
                self.counters.answers.labels(path, statuses[0]).inc()
                self.counters.seconds.labels(path).observe(time.perf_counter() - start)
            else:
                self.counters.lost.labels(path).inc()
