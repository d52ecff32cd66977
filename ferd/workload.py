"""Bounds what a server has in hand: how many requests, how many bytes, how many at work."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor


class Busy(Exception):
    """More than can be taken now; the message says so in one line."""


class Workload:
    """A few threads that work, and a bounded number of requests that wait for them.

    Args:
        threads: Requests worked on at a time.
        max_requests: Most requests in hand, waiting ones included.
        max_bytes: Most bytes that all of them hold.
        seconds: How long a request waits for its answer.
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
        # Who comes first waits for the others: else one thread might take two turns.
        all_here = threading.Barrier(self._threads)
        futures = [
            self._pool.submit(lambda: (all_here.wait(), work())) for _ in range(self._threads)
        ]
        for future in futures:
            future.result()

    def enter(self):
        """Takes a request in.

        Returns:
            Its `Place`.

        Raises:
            Busy: If as many as are allowed are in hand.
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
            What the function returns.

        Raises:
            Busy: If the answer did not come in time.
        """
        future = self._pool.submit(work, *arguments)
        # Not by the caller: where it gave up waiting, the thread still holds the photo.
        future.add_done_callback(lambda _: place.leave())
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), self.seconds)
        except TimeoutError:
            raise Busy("the answer took too long; try again, or with a smaller photo") from None

    def close(self):
        """Drops what waits; what is at work ends by itself."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def change(self, requests, count):
        """Adds to what is in hand; for `Place`.

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
    """One request in hand, and the bytes it holds.

    Args:
        workload: The `Workload`.
    """

    def __init__(self, workload):
        self._workload, self._bytes, self._is_left = workload, 0, False

    def hold(self, count):
        """Counts bytes that the request keeps from now on.

        Args:
            count: How many.

        Raises:
            Busy: If all requests would hold more than allowed.
        """
        self._workload.change(0, count)
        self._bytes += count

    def leave(self):
        """Gives back the place and the bytes; a second time does nothing."""
        if not self._is_left:
            self._is_left = True
            self._workload.change(-1, -self._bytes)
