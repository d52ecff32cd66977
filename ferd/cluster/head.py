"""Gives stages to the workers of a Dask cluster as soon as those before them are done."""

import time
import uuid
from urllib.parse import urlsplit

import cloudpickle
from distributed import wait

from ferd.cluster import worker
from ferd.cluster.plan import inputs_of, minutes_to_the_end

# The worker's code travels by value: a worker needs no ferd but that of its clone.
cloudpickle.register_pickle_by_value(worker)


def run_plan(client, plan, source, entries, ended):
    """Runs stages on the workers, the longest chains first.

    A stage whose worker dies runs again on another one, until it has lost as many as Dask allows.

    Args:
        client: `distributed.Client`.
        plan: From `ferd.cluster.plan.read_plan`.
        source: For `ferd.cluster.worker.run_on_worker`, without `places`.
        entries: Dict of stage to its entry of dvc.lock, from earlier runs. It is changed: each
            stage that ends has its new entry.
        ended: Function that is called with a stage's name and what `run_on_worker` returned.

    Returns:
        Set of the stages that failed, and a list of those that were not run because of them.

    Raises:
        SystemExit: If no worker has what a stage needs.
    """
    declared = declared_resources(client)
    needs = {name: fitted(name, step.resources, declared) for name, step in plan.items()}
    priority = minutes_to_the_end(plan)
    waiting, running, done, failed, cores = dict(plan), {}, set(), set(), {}
    run = uuid.uuid4().hex[:8]
    while True:
        # Anew in each round, because workers come and go.
        source = {**source, "places": places_of(client, cores)}
        for name in [name for name, step in waiting.items() if step.before & set(plan) <= done]:
            key = f"{name}-{run}"
            del waiting[name]
            inputs = inputs_of(plan, [name], entries)
            job = {"stage": name, "inputs": inputs, "entry": entries.get(name)}
            options = {"resources": needs[name], "priority": priority[name], "pure": False}
            future = client.submit(worker.run_on_worker, key, source, job, key=key, **options)
            running[future] = name
        if not running:
            return failed, list(waiting)
        for future in wait(list(running), return_when="FIRST_COMPLETED").done:
            name = running.pop(future)
            result = result_of(future)
            if result["entry"]:
                entries[name] = result["entry"]
                done.add(name)
            else:
                failed.add(name)
            ended(name, result)


def result_of(future):
    """What a task returned, or the same with the error that ended it."""
    try:
        return future.result()
    except Exception as error:  # KilledWorker, or whatever the task raised
        lines = str(getattr(error, "stderr", None) or error).splitlines()
        return {"entry": None, "seconds": 0.0, "where": "", "log": lines}


def declared_resources(client):
    """The most that one worker declares of each Dask resource.

    Memory counts only if every worker declares it: Dask would give nothing to the others.

    Raises:
        SystemExit: If no worker is there within 60 seconds.
    """
    try:
        client.wait_for_workers(1, timeout=60)
    except TimeoutError:
        raise SystemExit("the cluster has no worker") from None
    found = {}
    workers = [
        info["resources"] for info in client.scheduler_info(n_workers=-1)["workers"].values()
    ]
    for resources in workers:
        for kind, amount in resources.items():
            found[kind] = max(found.get(kind, 0), amount)
    if not all("MEMORY" in resources for resources in workers):
        found.pop("MEMORY", None)
    return found


def fitted(name, needs, declared):
    """The resources that Dask is asked for.

    Memory is what the stage took at its last run. If no worker declares any, none is asked for. If
    none has as much, the stage asks for the most that one declares.

    Args:
        name: The stage's name.
        needs: Its resources.
        declared: From `declared_resources`.

    Raises:
        SystemExit: If no worker has another resource that it needs, such as a GPU.
    """
    found = {}
    for kind, amount in needs.items():
        there = declared.get(kind, 0)
        if kind != "MEMORY" and there < amount:
            raise SystemExit(
                f"stage {name} needs {kind}={amount}, and no worker has it: start one by "
                f"dask worker --resources {kind}={amount}"
            )
        if there:
            found[kind] = min(amount, there)
    return found


def places_of(client, cores):
    """The workers that share cores: those on one machine that may use the same ones.

    A job of SLURM, or taskset, may have given each worker cores of its own.

    Args:
        client: `distributed.Client`.
        cores: Dict of worker address to the cores that it may use. Workers that it lacks are
            asked, and it is changed.

    Returns:
        Dict of worker address to its number among those that share its cores, and their number.
    """
    there = sorted(client.scheduler_info(n_workers=-1)["workers"])
    if new := [address for address in there if address not in cores]:
        cores |= client.run(worker.allowed_cores, workers=new, on_error="ignore")
    groups = {}
    for address in filter(cores.get, there):
        key = urlsplit(address).hostname, *cores[address]
        groups.setdefault(key, []).append(address)
    return {
        address: (number, len(addresses))
        for addresses in groups.values()
        for number, address in enumerate(addresses)
    }


def line_of(name, result, ended, stages):
    """A line on a stage that ended.

    Args:
        name: Its name.
        result: What `ferd.cluster.worker.run_on_worker` returned.
        ended, stages: How many have ended, and how many there are.
    """
    state = "done" if result["entry"] else "failed"
    at = f" on {result['where']}" if result["where"] else ""
    minutes = result["seconds"] / 60
    return f"{time.strftime('%H:%M:%S')} {ended}/{stages} {name} {state}, {minutes:.1f} min{at}"
