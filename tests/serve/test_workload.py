"""ferd.serve.workload: never more requests than allowed, and every place is released."""

import asyncio
import threading

import pytest

from ferd.serve.workload import Busy, Workload


def workload(threads=1, max_requests=2, max_waiting=20, max_bytes=100, seconds=10.0):
    return Workload(threads, max_requests, max_waiting, max_bytes, seconds)


def test_one_request_too_many_is_refused_until_another_leaves():
    work = workload(max_requests=2)
    first, _ = work.enter(), work.enter()
    with pytest.raises(Busy, match="too many photos are waiting"):
        work.enter()
    first.leave()
    first.leave()
    work.enter()
    with pytest.raises(Busy):
        work.enter()


def test_complete_uploads_have_a_limit_of_their_own():
    work, go = workload(max_requests=9, max_waiting=2), threading.Event()

    async def three():
        running = [asyncio.create_task(work.run(work.enter(), go.wait, 10)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Busy, match="too many photos are waiting"):
            await work.run(work.enter(), go.wait, 10)
        assert (work.requests, work.waiting) == (2, 2)
        go.set()
        await asyncio.gather(*running)
        assert await work.run(work.enter(), lambda: 7) == 7

    asyncio.run(three())
    assert (work.requests, work.waiting) == (0, 0)


def test_bytes_are_counted_over_all_requests_and_come_back():
    work = workload(max_bytes=100)
    first, second = work.enter(), work.enter()
    first.hold(60)
    second.hold(40)
    with pytest.raises(Busy, match="too many large photos"):
        second.hold(1)
    first.leave()
    second.hold(60)
    second.leave()
    assert (work.requests, work.bytes) == (0, 0)


@pytest.mark.parametrize("function, ends", [(lambda: 7, 7), (lambda: 1 / 0, ZeroDivisionError)])
def test_the_place_is_left_when_the_work_ends_or_fails(function, ends):
    work = workload()
    place = work.enter()
    place.hold(10)
    if ends == 7:
        assert asyncio.run(work.run(place, function)) == 7
    else:
        with pytest.raises(ends):
            asyncio.run(work.run(place, function))
    assert (work.requests, work.bytes) == (0, 0)


def test_work_that_is_too_slow_is_given_up_but_counted_until_it_ends():
    work, go, done = workload(seconds=0.05), threading.Event(), threading.Event()
    place = work.enter()
    place.hold(10)
    with pytest.raises(Busy, match="took too long"):
        asyncio.run(work.run(place, lambda: (go.wait(10), done.set())))
    assert (work.requests, work.bytes) == (1, 10)
    go.set()
    done.wait(10)
    work.close()
    work._pool.shutdown(wait=True)
    assert (work.requests, work.bytes) == (0, 0)


def test_what_waited_too_long_is_never_begun():
    work, go, begun = workload(max_requests=3, seconds=0.05), threading.Event(), []

    async def both():
        slow = asyncio.create_task(work.run(work.enter(), go.wait, 10))
        await asyncio.sleep(0.01)
        with pytest.raises(Busy):
            await work.run(work.enter(), begun.append, 1)
        go.set()
        await asyncio.gather(slow, return_exceptions=True)

    asyncio.run(both())
    work._pool.shutdown(wait=True)
    assert begun == [] and work.requests == 0


def test_no_more_is_at_work_than_there_are_threads():
    work, lock, counts = workload(threads=2, max_requests=20), threading.Lock(), [0, 0]

    def step():
        with lock:
            counts[0] += 1
            counts[1] = max(counts)
        threading.Event().wait(0.01)
        with lock:
            counts[0] -= 1

    async def many():
        await asyncio.gather(*(work.run(work.enter(), step) for _ in range(20)))

    asyncio.run(many())
    assert counts == [0, 2]


def test_a_small_photo_does_not_wait_for_large_ones_that_came_just_before():
    work, go, order = workload(max_requests=9, max_bytes=10**9), threading.Event(), []

    def place(count):
        one = work.enter()
        one.hold(count)
        return one

    async def all_together():
        running = [asyncio.create_task(work.run(place(1), go.wait, 10))]
        for count in (9 * 10**6, 10**6, 8 * 10**6, 1000, 0):
            running.append(asyncio.create_task(work.run(place(count), order.append, count)))
        await asyncio.sleep(0)
        go.set()
        await asyncio.gather(*running)

    asyncio.run(all_together())
    assert order[2:] == [10**6, 8 * 10**6, 9 * 10**6] and set(order[:2]) == {0, 1000}


def test_closing_drops_what_waits():
    work, go, begun = workload(max_requests=3), threading.Event(), []

    async def both():
        running = asyncio.create_task(work.run(work.enter(), go.wait, 10))
        await asyncio.sleep(0.01)
        waiting = asyncio.create_task(work.run(work.enter(), begun.append, 1))
        await asyncio.sleep(0)
        work.close()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        go.set()
        await running

    asyncio.run(both())
    assert begun == [] and (work.requests, work.waiting) == (0, 0)


def test_every_thread_is_warmed_up_once():
    work, seen = workload(threads=3), []
    work.warm_up(lambda: seen.append(threading.get_ident()))
    assert len(seen) == len(set(seen)) == 3
