"""Limits a server's load: the number of requests, of bytes in memory and of running predictions."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor


class Busy(Exception):
    """The server is at its limit; the message is one line."""


class Workload:
    """Runs requests in a few threads; a limited number of requests wait for them.

    Args:
        threads: Requests processed at a time.
        max_requests: Most requests at a time, waiting ones included.
        max_bytes: Most bytes of all of them.
        seconds: How long a request may take.
    """

    def __init__(self, threads, max_requests, max_bytes, seconds):
        self.max_requests, self.max_bytes, self.seconds = max_requests, max_bytes, seconds
        self.requests, self.bytes = 0, 0
        self._threads, self._lock = threads, threading.Lock()
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
                raise Busy("too many photos are waiting; try again in a moment")
            self.requests += 1
        return Place(self)

    async def run(self, place, work, *arguments):
        """Runs `work(*arguments)` in one of the threads.

        Args:
            place: The request's `Place`, which is left when the work ends.
            work: A function.

        Returns:
            The function's result.

        Raises:
            Busy: If the result did not come in time.
        """
        future = self._pool.submit(work, *arguments)
        # Not in the caller: after a timeout the thread still has the photo.
        future.add_done_callback(lambda _: place.leave())
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), self.seconds)
        except asyncio.TimeoutError:  # in Python 3.10 another than the built-in TimeoutError
            raise Busy("the prediction took too long; try again, or with a smaller photo") from None

    def close(self):
        """Drops waiting requests; running ones end by themselves."""
        self._pool.shutdown(wait=False, cancel_futures=True)

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


class Place:
    """One admitted request and its bytes.

    Args:
        workload: The `Workload`.
    """

    def __init__(self, workload):
        self._workload, self._bytes, self._is_left = workload, 0, False

    def hold(self, count):
        """Counts bytes that the request holds from now on.

        Args:
            count: How many.

        Raises:
            Busy: If all requests together would hold more than allowed.
        """
        self._workload.change(0, count)
        self._bytes += count

    def leave(self):
        """Releases the place and the bytes; a second call does nothing."""
        if not self._is_left:
            self._is_left = True
            self._workload.change(-1, -self._bytes)
