"""Runs partitions on Dask's workers: in order, few at a time, again where a worker has died."""

import contextlib
import logging
import os
import sys
import time
import uuid
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from typing import Any

import cv2
from distributed import Client, Future, KilledWorker, LocalCluster, WorkerPlugin, get_worker

from ferd.inference.classifier import Classifier
from ferd.inference.model_file import ModelError
from ferd.inference.partitions.parts import Outcome
from ferd.inference.reading.frames import Problem, printable

# Partitions given to the workers for each of their threads. One that takes long holds up the rows
# after it; meanwhile the other workers have these.
IN_FLIGHT = 8
PATIENCE = 60  # seconds in which a network drive shows what another machine has written
# A network drive fails now and then.
OPTIONS = {"pure": False, "retries": 2}
# A terminal sends it to this machine's workers, too. The command ends them.
IGNORE_CTRL_C = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
Partitions = Iterable[tuple[int, Sequence[str | Problem]]]
Work = Callable[[Classifier, int, Sequence[str | Problem]], Outcome]


class Network(WorkerPlugin):  # type: ignore[misc] # distributed's types are not checked
    """Brings the network to each worker once, also to one that is started later.

    Args:
        classifier: A `Classifier`.
        owner: Id of the `distributed.Client` that needs it.
    """

    def __init__(self, classifier: Classifier, owner: str) -> None:
        self.name = f"ferd-{uuid.uuid4().hex}-{owner}"
        self.classifier = classifier

    def setup(self, worker: Any) -> None:
        """Leaves the cores to the other workers; the network's threads came with it."""
        cv2.setNumThreads(1)


@contextlib.contextmanager
def connected(where: str) -> Iterator[Client]:
    """Connects to workers, and starts them first if they are to run on this machine.

    Args:
        where: Address of a Dask scheduler, or a number of workers.

    Yields:
        A `distributed.Client` with at least one worker.

    Raises:
        OSError: If it is no address, or no scheduler answers there.
    """
    with contextlib.ExitStack() as stack:
        address: Any = where
        if where.isdecimal():
            # Memory is limited by what a worker reads at a time, so that Dask need not end one.
            options: dict[str, Any] = {
                "threads_per_worker": 1,
                "memory_limit": 0,
                "dashboard_address": "127.0.0.1:0",
            }
            options |= {"preload": IGNORE_CTRL_C, "silence_logs": logging.CRITICAL}
            address = stack.enter_context(LocalCluster(n_workers=int(where), **options))
        try:
            client = stack.enter_context(Client(address))
        except ValueError as error:
            raise OSError(f"{where} is no address of a scheduler ({error})") from error
        if not client.nthreads():
            print(f"ferd: waiting for a worker at {where}", file=sys.stderr)
        client.wait_for_workers(1)
        yield client


def run(
    client: Client, classifier: Classifier, partitions: Partitions, work: Work
) -> Generator[Outcome, None, None]:
    """Runs a function for each partition on the workers.

    Args:
        client: Of the workers.
        classifier: The first argument of `work`.
        partitions: Numbers and sources, the other two. They are listed as they are needed.
        work: The function. It must be pickled, and run a second time it must do the same.

    Yields:
        `Outcome`s in the order of `partitions`.

    Raises:
        ModelError: If a worker cannot load the network, such as one without ferd.
        OSError: As `work`; or if a file that a worker has written cannot be seen here.
    """
    network = Network(classifier, client.id)
    _send(client, network)
    # A command that was killed has left its own in the workers' memory.
    for name in client.run_on_scheduler(_without_owner):
        client.unregister_worker_plugin(name)
    try:
        most = 1
        waiting: deque[tuple[Sequence[str | Problem], Future]] = deque()
        for number, sources in partitions:
            task = client.submit(_on_worker, network.name, work, number, sources, **OPTIONS)
            waiting.append((sources, task))
            if number % IN_FLIGHT == 0:  # workers come and go
                most = IN_FLIGHT * max(1, sum(client.nthreads().values()))
            if len(waiting) >= most:
                yield _outcome(*waiting.popleft())
        while waiting:
            yield _outcome(*waiting.popleft())
    finally:
        client.unregister_worker_plugin(network.name)


def _send(client: Client, network: Network) -> None:
    try:
        client.register_plugin(network)
    except Exception as error:  # of a worker's exception the scheduler passes on the text alone
        with contextlib.suppress(Exception):  # by workers that have none of it
            client.unregister_worker_plugin(network.name)
        needs = "it needs the same version of ferd as this machine: pip install 'ferd[cluster]'"
        raise ModelError(f"ferd: a worker cannot load the network ({error}); {needs}") from error


def _without_owner(dask_scheduler: Any) -> list[str]:
    owners = tuple(dask_scheduler.clients)
    names = list(dask_scheduler.worker_plugins)
    return [name for name in names if name.startswith("ferd-") and not name.endswith(owners)]


def _on_worker(name: str, work: Work, number: int, sources: Sequence[str | Problem]) -> Outcome:
    return work(get_worker().plugins[name].classifier, number, sources)


def _outcome(sources: Sequence[str | Problem], task: Future) -> Outcome:
    try:
        outcome: Outcome = task.result()
        if outcome.file:
            _wait_for(outcome.file)
        return outcome
    except KilledWorker as error:
        ends = (sources[0], sources[-1])
        first, last = (one if isinstance(one, str) else one.source for one in ends)
        deaths = f"{error.allowed_failures + 1} workers died while they read them"
        line = f"ferd: {first} to {last}: {len(sources)} files skipped; {deaths}"
        return Outcome(0, (printable(line),))


def _wait_for(file: str) -> None:
    end = time.monotonic() + PATIENCE
    while not os.path.exists(file):
        if time.monotonic() > end:
            raise OSError(
                f"a worker has written {file}, and this machine cannot see it: --output must be a "
                "folder that this machine and all workers share"
            )
        time.sleep(0.1)
