"""Reads from DVC which stage waits for which, and what each one needs of a machine."""

import json
from pathlib import Path
from typing import NamedTuple

GIB = 2**30


class Step(NamedTuple):
    """A stage to run.

    Args:
        before: Names of the stages whose outputs it reads.
        sources: Entries as in dvc.lock of what it reads of files that `dvc add` tracks.
        resources: Dict of Dask resource ("MEMORY" in bytes, "GPU") to the amount that it needs.
        minutes: What it took when the committed results were made; 0 where this is not known.
    """

    before: frozenset
    sources: tuple
    resources: dict
    minutes: float


def read_plan(repo, targets=(), costs="metrics/cost"):
    """The stages of dvc.yaml that are to run, each after those that it waits for.

    Args:
        repo: `dvc.repo.Repo`.
        targets: Names of stages, as dvc.lock has them; these and all before them. None: all.
        costs: Folder of the costs of the committed runs.

    Returns:
        Dict of name to `Step`, each after those that it waits for.

    Raises:
        KeyError: For a target that dvc.yaml does not have.
    """
    stages = {stage.addressing: stage for stage in repo.index.stages if runs(stage)}
    if missing := sorted(set(targets) - set(stages)):
        raise KeyError(missing[0])
    graph, found = repo.index.graph, costs_of(stages, costs)
    before = {
        name: frozenset(one.addressing for one in graph.successors(stage) if runs(one))
        for name, stage in stages.items()
    }
    wanted = _with_all_before(targets, before) if targets else set(stages)
    plan = {}
    for name in _in_order(before):
        if name in wanted:
            stage, cost = stages[name], found.get(name, {})
            tracked = tuple(entry_of_source(one) for one in graph.successors(stage) if not one.cmd)
            needs = needs_of(stage, cost)
            plan[name] = Step(before[name], tracked, needs, cost.get("seconds", 0) / 60)
    return plan


def runs(stage):
    """Whether a stage is run: it has a command, stands in the top folder and is not frozen."""
    return bool(stage.cmd) and not stage.frozen and stage.path_in_repo == "dvc.yaml"


def needs_of(stage, cost):
    """Dask resources of a stage: those of its `meta: {resources: {GPU: 1}}`, and its peak memory.

    Args:
        stage: DVC's.
        cost: What it took, a dict with `peak_memory_gib`; empty if that is not known.
    """
    memory = int(cost.get("peak_memory_gib", 0) * GIB)
    given = (stage.meta or {}).get("resources") or {}
    return ({"MEMORY": memory} if memory else {}) | given


def costs_of(stages, costs):
    """What stages took for the committed results.

    The cost of a training, or of a fit, is written by the stage that scores it.

    Args:
        stages: Dict of name to DVC's stage.
        costs: Folder of the costs.

    Returns:
        Dict of stage to a dict with `seconds` and `peak_memory_gib`.
    """
    written = {out.def_path: name for name, stage in stages.items() for out in stage.outs}
    found = {}
    for path, name in written.items():
        if path.startswith(f"{costs}/") and Path(path).is_file():
            run = path.removeprefix(f"{costs}/").removesuffix(".json")
            name = written.get(f"data/{run}/results", written.get(f"data/{run}", name))
            found[name] = json.loads(Path(path).read_text(encoding="utf-8"))
    return found


def entry_of_source(tracked):
    """What `dvc add` tracks as an entry of dvc.lock, without a command.

    Args:
        tracked: DVC's stage of a .dvc file.
    """
    outs = []
    for out in tracked.outs:
        path = Path(out.fs_path).relative_to(tracked.repo.root_dir).as_posix()
        outs.append({"path": path, "hash": "md5", "md5": out.hash_info.value})
    return {"cmd": "", "deps": [], "outs": outs}


def minutes_to_the_end(plan):
    """Minutes of the longest chain of stages that starts with each: the longest is run first.

    Args:
        plan: From `read_plan`.
    """
    found = {name: step.minutes for name, step in plan.items()}
    for name in reversed(plan):
        for other in plan[name].before:
            if other in found:
                found[other] = max(found[other], plan[other].minutes + found[name])
    return found


def _with_all_before(targets, before):
    """Names of some stages and of all that they wait for, directly or not."""
    wanted, left = set(), list(targets)
    while left:
        name = left.pop()
        if name not in wanted:
            wanted.add(name)
            left += before[name]
    return wanted


def _in_order(before):
    """The names, each after those that it waits for; in dvc.yaml's order where that is free."""
    ordered = {}
    left = list(before)
    while left:
        ready = [name for name in left if before[name] <= set(ordered)]
        ordered |= dict.fromkeys(ready)
        left = [name for name in left if name not in ordered]
    return list(ordered)
