"""What the commands of the README take, and the stages of the committed study together."""

import json
from pathlib import Path

# The instructions that decide the time of a training, by their names in /proc/cpuinfo.
BFLOAT16 = ("avx512_bf16", "amx_bf16")

# What `make paper` runs before the ablations.
PAPER_CHAIN = (
    *("fetch", "crop", "audit", "train", "extract"),
    *("automl_compare", "automl_voting", "automl_stacking"),
)


def read_commands(path="benchmarks/results.json"):
    """The times of the README's commands, as benchmarks/commands.py writes them."""
    return json.loads(Path(path).read_text(encoding="utf-8")).get("commands", {})


def commands_sentence(commands):
    """A sentence: the minutes of each command after the install, and the machine.

    Args:
        commands: From `read_commands`.

    Returns:
        Text; "" where no command was timed.
    """
    by_machine = {}
    for name, run in commands.items():
        minutes = f"`make {name}` {run['seconds'] / 60:.1f}"
        by_machine.setdefault(machine_text(run["machine"]), []).append(minutes)
    return " ".join(
        f"Minutes after the install on {machine}: {', '.join(times)} (one run each)."
        for machine, times in by_machine.items()
    )


def machine_text(machine):
    """A machine in words: its processor, cores, and whether these multiply bfloat16."""
    arithmetic = "with" if set(BFLOAT16) & set(machine["instructions"]) else "without"
    return f"an {machine['processor']} {arithmetic} bfloat16, {machine['cores']} cores"


def hours_sentence(costs):
    """A sentence: the hours of all stages together, and the machine they were measured on.

    Args:
        costs: From `ferd.study.details.read_costs`.

    Returns:
        Text; "" where no stage has run.
    """
    if not costs:
        return ""
    total = sum(map(seconds, costs.values()))
    trainings = sum(seconds(cost) for cost in costs.values() if "training_seconds" in cost)
    chain = sum(seconds(costs[stage]) for stage in PAPER_CHAIN if stage in costs)
    cores = {}
    for cost in costs.values():
        cores.setdefault(cost["machine"], set()).add(cost["cores"])
    machines = [f"{name} ({_in_words(cores[name])})" for name in sorted(cores)]
    return (
        f"All stages of the committed results took {total / 3600:.1f} hours, "
        f"{100 * trainings / total:.0f}% of it for trainings. The paper's chain without its "
        f"ablations took {chain / 3600:.1f} hours. Measured on: {'; '.join(machines)}."
    )


def _in_words(numbers):
    *others, last = map(str, sorted(numbers))
    text = f"{', '.join(others)} or {last}" if others else last
    return f"{text} core{'' if text == '1' else 's'}"


def seconds(cost):
    """Seconds of a stage; where a training was resumed, of all its runs."""
    return max(cost["seconds"], cost.get("training_seconds", 0))
