"""Counts the answers of a server, for Prometheus."""

import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

# Other paths are counted together: else a client could add a time series with every new path.
PATHS = frozenset({"/", "/predict", "/healthz", "/metrics", "/openapi.json"})
SECONDS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60)


class Counters:
    """Counts answers by path and status, their seconds, and the faces found.

    Args:
        workload: The `ferd.serve.workload.Workload` whose requests are a gauge.
    """

    def __init__(self, workload):
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
        photos = Gauge("ferd_photos", "Photos that wait or are predicted now.", **options)
        photos.set_function(lambda: workload.requests)

    def text(self):
        """The numbers in Prometheus' text format, bytes."""
        return generate_latest(self.registry)


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
