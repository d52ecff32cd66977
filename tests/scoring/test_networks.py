"""ferd.scoring.networks: the list of networks agrees with dvc.yaml."""

import json
from pathlib import Path

import pytest

from ferd.scoring.networks import NETWORKS
from ferd.study.pipeline import expand, paths_of, read_pipeline

ROOT = Path(__file__).resolve().parents[2]
STAGES = expand(read_pipeline(ROOT / "dvc.yaml"))
PREDICTED = {path for path in paths_of(STAGES["probabilities"], "deps") if "model.keras" in path}


def trained_by(path):
    """The stages that write a file."""
    return [name for name, stage in STAGES.items() if path in paths_of(stage, "outs")]


@pytest.mark.parametrize("run", [network.stage for network in NETWORKS.values()])
def test_one_stage_trains_the_network_and_one_scores_it(run):
    assert len(trained_by(f"data/{run}/model.keras")) == 1
    assert len(trained_by(f"metrics/details/{run}.json")) == 1


def test_every_network_that_the_stage_probabilities_reads_is_listed_once():
    listed = [f"data/{network.stage}/model.keras" for network in NETWORKS.values()]
    assert set(listed) == PREDICTED and len(listed) == len(PREDICTED)


def test_networks_of_whole_images_are_those_scored_on_images_without_a_detected_face():
    for run, form in NETWORKS.values():
        details = json.loads((ROOT / f"metrics/details/{run}.json").read_text())
        assert form == ("whole" if "test_all" in details else "crops"), run
