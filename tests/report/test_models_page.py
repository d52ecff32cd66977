"""ferd.report.models.models_page and front_figure: docs/models.md and its figure."""

import copy

import pytest

from ferd.packaged.candidates import CANDIDATES
from ferd.report.models.front_figure import draw, points_of
from ferd.report.models.models_page import NETWORKS, models_document


def score(accuracy, faces=3589):
    values = {"accuracy": accuracy, "low": accuracy - 0.01, "high": accuracy + 0.01}
    classes = ("fear", "disgust", "neutral", "sad", "contempt")
    per_class = {name: {"recall": 0.4321, "support": 16} for name in classes}
    values |= {"balanced_accuracy": accuracy - 0.05, "per_class": per_class}
    return {"faces": faces, **values}


def kinds(first, second):
    return {"fer2013": score(first), "annotators": score(second, 3153)}


@pytest.fixture
def details():
    one = {"bytes": 1_758_798, "public_test": kinds(0.7, 0.72)}
    one["private_test"] = {"all": kinds(0.703, 0.711), "without_copy": kinds(0.688, 0.699)}
    one["private_test_adjusted"] = kinds(0.713, 0.701)
    lead = {"difference": 0.021, "low": 0.011, "high": 0.031}
    return {
        "labels": {
            "faces": 3153,
            "differ": 0.331,
            "shares": {
                "fer2013": {"neutral": 0.171, "fear": 0.149},
                "annotators": {"neutral": 0.353, "fear": 0.026},
            },
        },
        "networks": {name: copy.deepcopy(one) for name in NETWORKS},
        "unseen": {name: kinds(0.66, 0.67) for name in ("improved", "compact", "general")},
        "choice": {
            "scores": {"compact": 0.67, "annotators": 0.66, "mean": 0.691, "mixed": 0.69},
            "differences": {"compact": lead, "annotators": lead, "mixed": lead},
            "best": "mean",
            "default": "mean",
            "general": "mean",
            "candidates": {name: kinds(0.7, 0.72) for name in CANDIDATES},
            "without_copy": {"faces": 3101, "default": "mean"},
        },
    }


@pytest.fixture
def benchmarks():
    machine = {"processor": "A CPU", "cores": 2, "instructions": ["avx2"]}
    times = {"ms_per_face_at_1": 0.5, "ms_per_face_at_64": 0.25}
    median = {name: times for name in ("ferd_general", "ferd_fast", "fer")}
    front = {"rounds": 5, "machine": machine, "median": median, "versions": {"fer": "25.10.3"}}
    front["busy_cores"] = 0.25
    accuracy = {"fer": {"crops_private_test": 0.66}}
    return {"front": front, "peers": {"accuracy": accuracy, "images": {"private_test": 3589}}}


def test_the_page_compares_the_networks_and_says_which_is_the_default_and_why(details, benchmarks):
    page = models_document({"packaged": details}, benchmarks)
    assert "Without `--model` it is `general`." in page
    for name in NETWORKS:
        assert page.count(f"| `{name}` |") >= 4
    assert "differ on 33% of the 3,153" in " ".join(page.split())
    assert "neutral is 17% and 35% (FER2013's and majority labels), fear 15% and 3%" in " ".join(
        page.split()
    )
    assert "| 71.3 (+1.0) | 66.3 (+1.0) | 70.1 (-1.0) | 65.1 (-1.0) |" in page
    assert "70.3 (69.3 to 71.3)" in page and "68.8 (67.8 to 69.8)" in page
    assert "+2.1 points (+1.1 to +3.1) over `compact`" in page
    assert "The mean of `compact` and `annotators` has the highest score" in page
    assert page.count("The default is therefore the mean") == 1 and "chooses the same." in page
    assert "| `general` | 70.3 | 71.1 | 4 | 1.8 |" in page
    assert "| the package `fer` 25.10.3 | 0.50 | 0.25 | 66.0 (64.4 to 67.5) |" in page
    assert "AVX2: one core of an A CPU without bfloat16, 2 cores, medians of 5 rounds, " in page
    assert "other programs used 0.2 cores. In each round" in page
    assert max(line.count("|") for line in page.splitlines()) <= 7


def test_a_single_network_that_is_as_good_as_the_mean_is_the_default(details, benchmarks):
    choice = details["choice"]
    choice["differences"]["mixed"] = {"difference": 0.001, "low": -0.008, "high": 0.01}
    choice |= {"default": "mixed", "general": "mixed"}
    page = models_document({"packaged": details}, benchmarks)
    assert "The default is therefore `mixed`, a single network, because" in page
    assert "It is packaged as `general`." in page and "would choose the mean" in page
    assert "| `general` | 70.3 | 71.1 | 2 | 1.8 |" in page and "the study's run `mixed`" in page
    choice["default"] = "compact"
    page = models_document({"packaged": details}, benchmarks)
    assert "Without `--model` it is `compact`." in page and "It is packaged" not in page


def test_times_of_two_kinds_of_processors_have_columns_of_their_own(details, benchmarks):
    faster = {"ms_per_face_at_1": 0.375, "ms_per_face_at_64": 0.125}
    newer = {"processor": "A newer CPU", "cores": 4, "instructions": ["avx2", "amx_bf16"]}
    median = dict.fromkeys(benchmarks["front"]["median"], faster)
    benchmarks["front_vnni"] = benchmarks["front"] | {"machine": newer, "median": median}
    page = models_document({"packaged": details}, benchmarks)
    assert "| `fast` | 0.50 | 0.25 | 0.38 | 0.12 | 70.3 (69.3 to 71.3) |" in page
    assert "| the package `fer` 25.10.3 | 0.50 | 0.25 | 0.38 | 0.12 | 66.0 (64.4 to 67.5) |" in page
    assert "AVX-512 VNNI: one core of an A newer CPU with bfloat16, 4 cores" in page
    assert "The figure shows the times with AVX2." in page
    del benchmarks["front"]
    page = models_document({"packaged": details}, benchmarks)
    assert "| `fast` | 0.38 | 0.12 | 70.3 (69.3 to 71.3) |" in page


def test_without_times_their_table_is_left_out(details, benchmarks):
    del benchmarks["front"]
    page = models_document({"packaged": details}, benchmarks)
    assert "front.svg" not in page and "## How the default was chosen" in page


def test_without_votes_there_is_no_page(benchmarks):
    assert models_document({}, benchmarks) is None
    assert models_document({"packaged": {}}, benchmarks) is None


def test_another_package_is_drawn_only_where_it_was_scored(details, benchmarks):
    times, peers = benchmarks["front"]["median"], benchmarks["peers"]
    points = points_of(details["networks"], times, peers)
    assert set(points["fer2013"]) == {"general", "fast", "fer"}
    assert set(points["annotators"]) == {"general", "fast"}
    assert points["fer2013"]["fast"] == pytest.approx((0.25, 70.3, 69.3, 71.3))
    assert points["fer2013"]["fer"][2] < 66 < points["fer2013"]["fer"][3]


def test_equal_points_give_equal_bytes(details, benchmarks, tmp_path):
    points = points_of(details["networks"], benchmarks["front"]["median"], benchmarks["peers"])
    paths = [tmp_path / name for name in ("first.svg", "second.svg")]
    for path in paths:
        draw(points, path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    text = paths[0].read_text()
    assert "general" in text and "ms per face, 64 at a time, one thread" in text
