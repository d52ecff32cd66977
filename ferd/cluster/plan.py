"""Reads from DVC which stage waits for which, and what each one needs of a machine."""

import json
from pathlib import Path
from typing import NamedTuple

GIB = 2**30


class Step(NamedTuple):
    """A stage to run.

    Args:
        before: Names of the stages whose outputs it reads.
        sources: Names of the .dvc files and frozen stages whose outputs it reads.
        resources: Dict of Dask resource ("MEMORY" in bytes, "GPU") to the amount that it needs.
        minutes: What it took when the committed results were made; 0 where this is not known.
    """

    before: frozenset
    sources: tuple
    resources: dict
    minutes: float


def read_plan(repo, targets=(), costs="metrics/cost"):
    """The stages that are to run, each after those that it waits for.

    Args:
        repo: `dvc.repo.Repo`.
        targets: Names of stages, as DVC has them; these and all before them. None: all stages of
            the top folder's dvc.yaml and all before them, as `dvc repro` does.
        costs: Folder of the costs of the committed runs.

    Returns:
        Dict of name to `Step`, each after those that it waits for.

    Raises:
        KeyError: For a target that no dvc.yaml has.
    """
    stages = {stage.addressing: stage for stage in repo.index.stages if runs(stage)}
    if missing := sorted(set(targets) - set(stages)):
        raise KeyError(missing[0])
    graph, found = repo.index.graph, costs_of(stages, costs)
    before = {
        name: frozenset(one.addressing for one in graph.successors(stage) if runs(one))
        for name, stage in stages.items()
    }
    top = [name for name, stage in stages.items() if stage.path_in_repo == "dvc.yaml"]
    wanted = _with_all_before(targets or top, before)
    plan = {}
    for name in _in_order(before):
        if name in wanted:
            stage, cost = stages[name], found.get(name, {})
            sources = tuple(one.addressing for one in graph.successors(stage) if not runs(one))
            needs = needs_of(stage, cost)
            plan[name] = Step(before[name], sources, needs, cost.get("seconds", 0) / 60)
    return plan


def runs(stage):
    """Whether a stage is run: it has a command and is not frozen."""
    return bool(stage.cmd) and not stage.frozen


def inputs_of(plan, names, entries):
    """What a worker takes from the cache before it runs stages.

    Args:
        plan: From `read_plan`.
        names: Of the stages, which all run on that worker.
        entries: Dict of stage to its entry of dvc.lock.

    Returns:
        Dict of the name of a stage or a .dvc file to its entry; None for a .dvc file.

    Raises:
        SystemExit: If a stage has no entry.
    """
    read = {one for name in names for one in (*plan[name].before, *plan[name].sources)}
    read -= set(names)
    missing = [one for one in sorted(read - set(entries)) if not one.endswith(".dvc")]
    if missing:
        raise SystemExit(f"dvc.lock lacks these; run them first: dvc repro {' '.join(missing)}")
    return {one: entries.get(one) for one in sorted(read)}


def sources_of(plan):
    """Names of the .dvc files and frozen stages that the stages of a plan read."""
    return sorted({one for step in plan.values() for one in step.sources})


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
    for path, writer in written.items():
        if path.startswith(f"{costs}/") and Path(path).is_file():
            run = path.removeprefix(f"{costs}/").removesuffix(".json")
            name = written.get(f"data/{run}/results", written.get(f"data/{run}", writer))
            # The stage probabilities has its own cost, and that of a part of it.
            if name == writer or name not in found:
                found[name] = json.loads(Path(path).read_text(encoding="utf-8"))
    return found


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
