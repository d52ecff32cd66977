"""ferd.scoring.networks: the one table of networks agrees with the pipeline."""

from pathlib import Path

import yaml

from ferd.report.figure_list import FIGURES
from ferd.scoring.networks import NETWORKS

STAGES = yaml.safe_load((Path(__file__).resolve().parents[2] / "dvc.yaml").read_text())["stages"]


def test_every_stage_that_saves_a_network_is_listed_once():
    saving = {name for name in STAGES if f"data/{name}/model.keras" in STAGES[name].get("outs", [])}
    # The first sees no test image; the others, as compact, are of FER2013's own split.
    saving -= {"search", "compact_ferplus", "ablation_copies_compact"}
    listed = [network.stage for network in NETWORKS.values()]
    assert set(listed) == saving and len(listed) == len(saving)


def test_every_network_is_asked_and_its_table_of_predictions_drawn():
    for network in NETWORKS.values():
        assert f"data/{network.stage}/model.keras" in STAGES["probabilities"]["deps"]
        assert {(network.stage, "history"), (network.stage, "predictions")} <= {
            (stage, table) for stage, table, _ in FIGURES
        }
