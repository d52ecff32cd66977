"""benchmarks/front.py: which networks take turns, and what they are shown."""

import json

import numpy as np
import pytest

from tests.helpers.code import ROOT


def test_the_networks_of_the_package_and_fer_take_turns(load, monkeypatch, tmp_path):
    front = load("front")
    monkeypatch.setattr(front.peers, "FOLDER", tmp_path)
    monkeypatch.setattr(front, "FACES", tmp_path / "front.npz")
    monkeypatch.setattr(front.common, "busy_cores", lambda: 0.0)
    asked = []

    def take_turns(name, variants, rounds):
        asked.append((name, rounds))
        return {one: [{"ms_per_face_at_1": number} for number in (3, 1, 2)] for one in variants}

    monkeypatch.setattr(front.common, "take_turns", take_turns)
    section = front.measure(3)
    assert asked == [("front", 3)]
    assert set(section["median"]) == {*front.PACKAGED, "fer"}
    assert section["median"]["fer"] == {"ms_per_face_at_1": 2}
    assert section["versions"] == {"fer": "25.10.3"}
    with np.load(tmp_path / "front.npz") as file:
        assert file["crops"].shape == (64, 48, 48) and file["crops"].dtype == np.uint8


@pytest.mark.parametrize("name", ["ferd_general", "ferd_fast"])
def test_a_network_of_the_package_is_timed_in_a_process_of_its_own(
    load, name, monkeypatch, tmp_path
):
    front = load("front")
    monkeypatch.setenv("FERD_SECONDS", "0.01")
    front.write_faces(tmp_path / "front.npz")
    times = front.peers.work("times", name, tmp_path / "front.npz")
    assert times["ms_per_face_at_64"] > 0 and times["ms_per_face_at_1"] > 0
    file = ROOT / f"ferd/models/{name.removeprefix('ferd_')}.onnx"
    assert times["weights_bytes"] == file.stat().st_size


def test_the_committed_times_are_of_these_networks(load):
    results, front = json.loads((ROOT / "benchmarks/results.json").read_text()), load("front")
    for name in set(results) & {"front", "front_vnni"}:
        assert set(results[name]["median"]) == set(front.NAMES)
        assert front.name_of(results[name]["machine"]) == name
    assert "front" in results


@pytest.mark.parametrize(
    ("instructions", "name"),
    [(["avx2"], "front"), (["avx2", "avx512_vnni", "amx_bf16"], "front_vnni")],
)
def test_processors_with_vnni_have_a_section_of_their_own(load, instructions, name):
    assert load("front").name_of({"instructions": instructions}) == name
