"""ferd.report.model_names: every model of metrics/ has a name that needs no decoding."""

import json
from pathlib import Path

from ferd.report.model_names import shown, shown_pair

METRICS = Path(__file__).resolve().parents[2] / "metrics/details"


def test_no_model_of_the_committed_metrics_keeps_its_key():
    models = json.loads((METRICS / "evaluate.json").read_text())["models"]
    names = {name: shown(name) for name in models}
    assert not [name for name in names.values() if "`" in name or "copy" in name]
    assert len(set(names.values())) == len(models)


def test_the_improved_network_its_seeds_and_its_ensembles_are_told_apart():
    tests = json.loads((METRICS / "headline.json").read_text())["tests"]["detected"]
    first = {shown(pair.split(" - ")[0]) for pair in tests}
    assert "`improved`" in first and "`improved`, all seeds averaged" in first
    assert shown("improved, soft vote") == "soft voting on the features of `improved`"


def test_a_pair_says_what_is_subtracted():
    assert shown_pair("stack - cnn, whole images") == "stacking minus CNN on whole images"


def test_a_stage_that_has_no_name_of_its_own_is_shown_as_code():
    assert shown("compact_ferplus") == "`compact_ferplus`"
