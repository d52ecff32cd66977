"""The committed params.yaml for tests of the settings, and what a refused one ends with."""

from pathlib import Path

import pytest
import yaml

from ferd.study.settings import ParamError

REPO = Path(__file__).resolve().parents[2]
PARAMS = REPO / "params.yaml"
COMMITTED = PARAMS.read_text(encoding="utf-8")
VALUES = yaml.safe_load(COMMITTED)


def write(sections):
    """Writes params.yaml into the working folder."""
    Path("params.yaml").write_text(yaml.safe_dump(sections, sort_keys=False))


def refusal(function, *arguments):
    """The message that a call ends with."""
    with pytest.raises(ParamError) as caught:
        function(*arguments)
    return str(caught.value)
