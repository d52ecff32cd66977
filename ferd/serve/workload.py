"""Limits a server's load: the number of requests, of bytes in memory and of running predictions.

uvicorn's `limit_concurrency` counts every request and connection alike: photos alone would make it
refuse /healthz, and it knows neither their bytes nor which uploads are complete.
"""

import asyncio
import heapq
import itertools
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

# A photo waits as if it had come a second later for each of so many bytes: else a few clients with
# large photos, which take seconds to decode, let all others wait for minutes.
BYTES_PER_SECOND = 1_000_000
TOO_MANY = "too many photos are waiting; try again in a moment"


class Busy(Exception):
    """The server is at its limit; the message is one line."""


class Workload:
    """Runs requests in a few threads; a limited number of requests wait for them.

    Args:
        threads: Requests processed at a time.
        max_requests: Most requests at a time. Many may be slow uploads, which cost little.
        max_waiting: Most requests at a time whose upload is complete.
        max_bytes: Most bytes of all of them.
        seconds: How long a request may take.
        count: Function that is called with 1 for a request more and -1 for one fewer.
    """

    def __init__(
        self, threads, max_requests, max_waiting, max_bytes, seconds, count=lambda change: None
    ):
        self.max_requests, self.max_waiting = max_requests, max_waiting
        self.max_bytes, self.seconds = max_bytes, seconds
        self.requests, self.waiting, self.bytes, self._count = 0, 0, 0, count
        self._threads, self._lock = threads, threading.Lock()
        self._jobs, self._numbers = [], itertools.count()
        self._pool = ThreadPoolExecutor(threads, "work")

    def warm_up(self, work):
        """Runs `work()` once in each thread, and waits for it.

        Args:
            work: A function.
        """
        # The first thread waits for the others, else it might run twice.
        all_here = threading.Barrier(self._threads)
        futures = [
            self._pool.submit(lambda: (all_here.wait(), work())) for _ in range(self._threads)
        ]
        for future in futures:
            future.result()

    def enter(self):
        """Admits a request.

        Returns:
            Its `Place`.

        Raises:
            Busy: If there are already as many as allowed.
        """
        with self._lock:
            if self.requests >= self.max_requests:
                raise Busy(TOO_MANY)
            self.requests += 1
        self._count(1)
        return Place(self)

    async def run(self, place, work, *arguments):
        """Runs `work(*arguments)` in one of the threads; small photos before large ones.

        Args:
            place: The request's `Place`, which is left when the work ends.
            work: A function.

        Returns:
            The function's result.

        Raises:
            Busy: If as many as allowed wait already, or the result did not come in time.
        """
        with self._lock:
            is_full = self.waiting >= self.max_waiting
            self.waiting += not is_full
        if is_full:
            place.leave()
            raise Busy(TOO_MANY)
        future = Future()
        turn = time.monotonic() + place.bytes / BYTES_PER_SECOND
        with self._lock:
            heapq.heappush(self._jobs, (turn, next(self._numbers), future, work, arguments))
        self._pool.submit(self._run_next)
        # Not in the caller: after a timeout the thread still has the photo.
        future.add_done_callback(lambda _: self._end(place))
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), self.seconds)
        except asyncio.TimeoutError:  # in Python 3.10 another than the built-in TimeoutError
            raise Busy("the prediction took too long; try again, or with a smaller photo") from None

    def _run_next(self):
        with self._lock:
            if not self._jobs:  # closed
                return
            *_, future, work, arguments = heapq.heappop(self._jobs)
        if future.set_running_or_notify_cancel():
            try:
                future.set_result(work(*arguments))
            except BaseException as error:
                future.set_exception(error)

    def _end(self, place):
        with self._lock:
            self.waiting -= 1
        place.leave()

    def close(self):
        """Drops waiting requests; running ones end by themselves."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            jobs, self._jobs = self._jobs, []
        for _, _, future, *_ in jobs:
            future.cancel()

    def change(self, requests, count):
        """Adds to the counts; for `Place`.

        Args:
            requests: Requests more or, below 0, fewer.
            count: Bytes more or, below 0, fewer.

        Raises:
            Busy: If it would be more bytes than allowed.
        """
        with self._lock:
            if count > 0 and self.bytes + count > self.max_bytes:
                raise Busy("too many large photos are waiting; try again in a moment")
            self.requests += requests
            self.bytes += count
        if requests:
            self._count(requests)


class Place:
    """One admitted request and its bytes.

    Args:
        workload: The `Workload`.
    """

    def __init__(self, workload):
        self._workload, self.bytes, self._is_left = workload, 0, False

    def hold(self, count):
        """Counts bytes that the request holds from now on.

        Args:
            count: How many.

        Raises:
            Busy: If all requests together would hold more than allowed.
        """
        self._workload.change(0, count)
        self.bytes += count

    def leave(self):
        """Releases the place and the bytes; a second call does nothing."""
        if not self._is_left:
            self._is_left = True
            self._workload.change(-1, -self.bytes)
