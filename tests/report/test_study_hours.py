"""ferd.report.readme.study_hours: the hours of all stages, and what the commands of the README
take."""

from pathlib import Path

import pytest

from ferd.report.documents import readme_blocks
from ferd.report.findings.all_findings import read_study
from ferd.report.readme.study_hours import PAPER_CHAIN, commands_sentence

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def study(monkeypatch):
    monkeypatch.chdir(ROOT)
    return read_study(partial=True)


def test_hours_are_the_sum_of_all_stages_and_name_the_machine(study):
    line = readme_blocks(study, {})["hours"]
    total = sum(max(c["seconds"], c.get("training_seconds", 0)) for c in study.costs.values())
    assert f"{total / 3600:.1f} hours" in line and "AMD EPYC (1 or 2 cores)" in line
    training = {name for name, cost in study.costs.items() if "epochs" in cost}
    share = sum(
        max(cost["seconds"], cost["training_seconds"])
        for name, cost in study.costs.items()
        if name in training
    )
    assert f" {100 * share / total:.0f}% of it for trainings" in line
    costs = [study.costs[stage] for stage in PAPER_CHAIN if stage in study.costs]
    assert "training_seconds" in study.costs["train"] and study.costs["train"] in costs
    chain = sum(max(cost["seconds"], cost.get("training_seconds", 0)) for cost in costs)
    assert f"without its ablations took {chain / 3600:.1f} hours." in line
    assert readme_blocks(study._replace(costs={}), {})["hours"] == ""


def test_times_of_commands_stand_with_the_machine_they_were_measured_on(study):
    machines = [
        {"processor": "AMD EPYC", "cores": 2, "instructions": flags, "python": "3.11.7"}
        for flags in (["avx2", "avx512_bf16"], ["avx2"])
    ]
    runs = {
        "demo": {"seconds": 90.0, "machine": machines[0]},
        "test": {"seconds": 240.0, "machine": machines[1]},
    }
    assert commands_sentence(runs) == (
        "Minutes after the install on an AMD EPYC with bfloat16, 2 cores: `make demo` 1.5 (one run "
        "each). Minutes after the install on an AMD EPYC without bfloat16, 2 cores: `make test` "
        "4.0 (one run each)."
    )
    assert commands_sentence({}) == ""
