"""The committed exports of the compact networks: they score as the networks that were trained."""

import pytest

from ferd.inference.classifier import Classifier
from ferd.inference.onnx_network import ModelError, OnnxNetwork
from ferd.packaged import ship
from ferd.packaged.compact_card import compact_card
from ferd.study.details import folder_of
from tests.helpers.settings import REPO
from tests.helpers.small_study import read


def details_of(network):
    return f"{folder_of(network)}/export/{network}.json"


def test_a_word_that_is_no_name_of_a_network_is_a_file_that_is_missing():
    with pytest.raises(ModelError, match="compacted"):
        Classifier.load("compacted")


@pytest.mark.parametrize("name", ["compact", "annotators"])
def test_a_packaged_network_has_the_scores_of_its_committed_details(name):
    about = read(REPO / f"ferd/models/{name}.json")
    network = OnnxNetwork(REPO / f"ferd/models/{name}.onnx")
    assert network.metrics == about["metrics"]
    details = read(REPO / details_of(about["network"]))
    assert network.metrics["test"] == details["test"]
    assert network.sha256 == details["sha256"]


@pytest.mark.parametrize("network", ship.COMPACT)
def test_the_card_says_who_taught_the_network_where_others_did(network):
    about = read(REPO / "ferd/models/compact.json") | {"network": network}
    card = compact_card(read(REPO / details_of(network)), about)
    assert f"`{network}`" in card and details_of(network) in card
    assert ("`benchmark_gpu`" in card) == (network == "compact_gpu")


@pytest.mark.parametrize("network", ship.COMPACT)
def test_the_committed_file_scores_as_the_network_that_was_trained(network):
    if network == "compact":
        trained = read(REPO / "metrics/details/compact/2024.json")["test"]
    else:
        scores = read(REPO / "metrics/gpu/details/score_gpu.json")[network]["seeds"]["2024"]
        trained = {"all": scores, "without_copy": scores["without_copy"]}
    details = read(REPO / details_of(network))
    for part, scores in trained.items():
        # Weights in float16 may turn a face or two that stood on the edge.
        assert details["test"][part]["accuracy"] == pytest.approx(scores["accuracy"], abs=0.001)
    assert details["parity"]["same_label"] >= 0.999


def test_the_committed_annotators_file_scores_as_stage_agreement_says_of_the_network():
    networks = read(REPO / "metrics/details/agreement.json")["private_test"]["networks"]
    scores, details = networks["compact_ferplus"]["seeds"]["first"], annotators_details()
    assert details["test"]["all"]["faces"] == scores["annotators"]["faces"]
    # Weights in float16 may turn a face or two that stood on the edge.
    shown = details["test"]["all"]["accuracy"], details["test"]["as_labelled"]["accuracy"]
    expected = scores["annotators"]["accuracy"], scores["agreed"]
    assert shown == pytest.approx(expected, abs=0.001)
    assert details["parity"]["same_label"] >= 0.999


def test_at_its_temperature_the_committed_file_is_nearer_to_annotators_shares():
    scores = annotators_details()["calibration"]
    for key in ("distance", "calibration_error", "cross_entropy"):
        assert scores["annotators"][key] < scores["after"][key] < scores["before"][key]


def annotators_details():
    return read(REPO / details_of("compact_ferplus"))
