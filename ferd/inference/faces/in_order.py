"""Calls a function for the items of a stream on several threads, and keeps their order."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
AHEAD = 2  # items in work or waiting, for each thread


def in_order(
    call: Callable[[Item], Result],
    items: Iterable[Item],
    threads: int,
    weigh: Callable[[Item], int],
    most: int,
) -> Iterator[tuple[Item, Result]]:
    """Calls a function for each item, at most a few items ahead.

    Args:
        call: The function; threads may call it at the same time.
        items: They are taken in the calling thread.
        threads: With 1 the function is called in the calling thread, and no item is taken ahead.
        weigh: Function that returns an item's weight.
        most: Weight per thread. While the items in work and waiting weigh more, no further item is
            taken.

    Yields:
        Items and results, in the order of the items.
    """
    if threads == 1:
        yield from ((item, call(item)) for item in items)
        return
    waiting: deque[tuple[Item, Future[Result]]] = deque()
    weight = 0
    pool = ThreadPoolExecutor(threads, "faces")
    try:
        for item in items:
            waiting.append((item, pool.submit(call, item)))
            weight += weigh(item)
            while waiting and (len(waiting) > AHEAD * threads or weight > most * threads):
                first, future = waiting.popleft()
                weight -= weigh(first)
                yield first, future.result()
        while waiting:
            first, future = waiting.popleft()
            yield first, future.result()
    finally:
        # The caller may stop early; what has not begun is given up.
        pool.shutdown(cancel_futures=True)
