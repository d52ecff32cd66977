"""ferd.study.cost: the cost of a stage is measured and written to a file of its own."""

import io
import json
import os
import resource
import time
from types import SimpleNamespace

import pytest

from ferd.study import cost

PATH = "metrics/cost/draw.json"


def written(folder):
    return json.loads((folder / PATH).read_text())


def play_file(monkeypatch, content):
    """Makes ferd.study.cost read `content` from whatever file it opens, or raise it."""

    def play(*arguments, **options):
        if isinstance(content, Exception):
            raise content
        return io.StringIO(content)

    monkeypatch.setattr(cost, "open", play, raising=False)


def test_seconds_memory_and_machine_are_written_at_the_path(empty_folder, monkeypatch):
    clock = iter((100.0, 112.34))
    monkeypatch.setattr(time, "perf_counter", lambda: next(clock))
    monkeypatch.setattr(cost, "peak_memory_gib", lambda: 1.2345)
    with cost.measure_cost(PATH):
        pass
    values = written(empty_folder)
    assert (values["seconds"], values["peak_memory_gib"]) == (12.3, 1.23)
    assert values["cores"] == os.cpu_count()
    assert values["machine"].endswith(cost.processor())


def test_the_stage_may_add_numbers_of_its_own(empty_folder):
    with cost.measure_cost(PATH) as values:
        values["images"] = 7
        values["fit_seconds"] = {"et": 1.5}
    assert written(empty_folder)["images"] == 7
    assert written(empty_folder)["fit_seconds"] == {"et": 1.5}


def test_a_stage_that_fails_leaves_the_old_cost(empty_folder):
    with cost.measure_cost(PATH) as values:
        values["run"] = 1
    with pytest.raises(ValueError, match="broken"), cost.measure_cost(PATH) as values:
        values["run"] = 2
        raise ValueError("broken")
    assert written(empty_folder)["run"] == 1


def test_peak_memory_is_this_process_and_its_largest_child_in_gib(monkeypatch):
    kib = {resource.RUSAGE_SELF: 2**20, resource.RUSAGE_CHILDREN: 2**19}
    monkeypatch.setattr(resource, "getrusage", lambda who: SimpleNamespace(ru_maxrss=kib[who]))
    assert cost.peak_memory_gib() == 1.5


def test_the_processor_is_the_first_one_in_cpuinfo(monkeypatch):
    play_file(monkeypatch, "processor : 0\nmodel name\t: A chip: v2\n\nmodel name\t: Another\n")
    assert cost.processor() == "A chip: v2"


@pytest.mark.parametrize("content", [OSError("none"), "Hardware : board\n"])
def test_the_processor_is_what_python_knows_where_cpuinfo_names_none(content, monkeypatch):
    play_file(monkeypatch, content)
    monkeypatch.setattr("platform.processor", lambda: "arm")
    assert cost.processor() == "arm"
    monkeypatch.setattr("platform.processor", lambda: "")
    assert cost.processor() == "unknown processor"
