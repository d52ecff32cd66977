"""The stage settings: it checks params.yaml, and nothing follows from a value that is allowed."""

import sys
from pathlib import Path

import pytest

from ferd.study.settings import ParamError
from stages import settings
from tests.helpers.small_study import write_params


@pytest.fixture(autouse=True)
def in_empty_folder(empty_folder, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["settings"])


def test_its_output_is_the_same_for_other_values():
    write_params()
    settings.main()
    before = Path("data/settings.ok").read_bytes()
    write_params(train={"epochs": 7}, sampling={"seed": 9})
    settings.main()
    assert Path("data/settings.ok").read_bytes() == before


def test_a_refused_value_ends_it_before_it_writes():
    write_params(compact={"epochs": "many"})
    with pytest.raises(ParamError, match=r"compact\.epochs is 'many'"):
        settings.main()
    assert not Path("data").exists()
