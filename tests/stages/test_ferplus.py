"""The stages score_ferplus and ferplus, and ferd.study.restore of their runs."""

import json
from pathlib import Path

import pandas as pd
import pytest
import yaml

from ferd.benchmark.seed_scores import averaged
from ferd.dataset.ferplus.protocol import FERPLUS_CLASSES, majority_classes, read_counted_votes
from ferd.study import restore
from ferd.study.base.results import write_json, write_table
from stages import ferplus, score_ferplus
from tests.helpers.ferplus_tables import FIRST, groups, predictions, write_audit_of
from tests.helpers.settings import REPO, VALUES
from tests.helpers.small_study import contents, read, write_pipeline

SEEDS = (7, 8)
FACTS = {"parameters": 9, "multiply_adds": 8, "faces": {"train": 5, "validation": 60, "test": 60}}


def write_run(seed):
    """What a training leaves."""
    folder = f"data/benchmark_ferplus/{seed}/results"
    for number, views in enumerate(score_ferplus.VIEWS):
        for part in ("validation", "test"):
            table = predictions(seed=10 * seed + number, share_right=0.6 + number / 10)
            write_table(f"{folder}/{part}_{views}.csv", table)
    accuracies = {views: {"accuracy": 0.5 + seed / 100} for views in score_ferplus.VIEWS}
    write_json(f"{folder}/training.json", FACTS | {"validation": accuracies})
    write_json(f"{folder}/cost.json", {"seconds": 1.5})


@pytest.fixture
def study(empty_folder):
    """A small study with two trained seeds; `lines` of dvc.yaml name them."""
    kept = {"sampling": {"seed": 1, "bootstrap_draws": 100}, "audit": VALUES["audit"]}
    Path("params.yaml").write_text(yaml.safe_dump(kept))
    lines = {f"benchmark_ferplus_{seed}": line(seed) for seed in SEEDS}
    write_pipeline(score_ferplus=lines)
    Path("data").mkdir()
    write_audit_of(groups())
    Path("data/ferplus.csv").write_bytes((REPO / "data/ferplus.csv").read_bytes())
    for seed, network in enumerate(ferplus.NETWORKS):
        write_table(f"plots/{network}/2024/predictions.csv", predictions(seed=seed))
    for seed in SEEDS:
        write_run(seed)
    return empty_folder


def line(seed):
    return {"network": "benchmark_ferplus", "seed": seed}


def without_votes():
    params = yaml.safe_load(Path("params.yaml").read_text())
    params["audit"]["ferplus"] = False
    Path("params.yaml").write_text(yaml.safe_dump(params))


def test_a_run_s_scores_are_a_row_and_details_and_git_keeps_its_predictions(study):
    score_ferplus.main("benchmark_ferplus/7")
    row = read("metrics/benchmark_ferplus/7.json")
    details = read("metrics/details/benchmark_ferplus/7.json")
    assert row["accuracy"] == details["test"]["centre"]["all"]["accuracy"]
    assert row["accuracy_without_copies"] == details["test"]["centre"]["without_copy"]["accuracy"]
    assert row["validation_accuracy"] == 0.57 and row["parameters"] == 9
    assert details["multiply_adds"] == 8 and set(details["test"]) == set(score_ferplus.VIEWS)
    assert read("metrics/cost/benchmark_ferplus/7.json") == {"seconds": 1.5}
    kept = pd.read_csv("plots/benchmark_ferplus/7/predictions/test_centre.csv")
    assert (kept["actual"] == kept["predicted"]).mean() == pytest.approx(row["accuracy"], abs=1e-6)
    confusion = pd.read_csv("plots/benchmark_ferplus/7/confusion.csv")
    right = confusion[confusion["actual"] == confusion["predicted"]]["faces"].sum()
    assert right == (kept["actual"] == kept["predicted"]).sum()


def test_a_run_without_votes_has_empty_files(study):
    Path("data/benchmark_ferplus/7/results/training.json").write_text("{}")
    for path in Path("data/benchmark_ferplus/7/results").glob("*.csv"):
        path.unlink()
    score_ferplus.main("benchmark_ferplus/7")
    assert read("metrics/benchmark_ferplus/7.json") == {}
    assert read("metrics/details/benchmark_ferplus/7.json") == {}
    assert Path("plots/benchmark_ferplus/7/predictions").is_dir()
    assert pd.read_csv("plots/benchmark_ferplus/7/confusion.csv")["faces"].sum() == 0


def test_what_the_scores_are_made_of_is_restored_from_git_s_files(study, monkeypatch):
    monkeypatch.setattr("sys.argv", ["restore"])
    for seed in SEEDS:
        score_ferplus.main(f"benchmark_ferplus/{seed}")
    before = contents("data/benchmark_ferplus")
    for path in before:
        Path(path).unlink()
    restore.main()
    assert contents("data/benchmark_ferplus") == before


def test_networks_of_seven_classes_are_scored_by_the_labels_of_the_benchmark(study):
    for seed in SEEDS:
        score_ferplus.main(f"benchmark_ferplus/{seed}")
    ferplus.main()
    scores = read("metrics/details/ferplus.json")["seven_classes"]
    assert list(scores) == list(ferplus.NETWORKS)
    labels = majority_classes(read_counted_votes("data/ferplus.csv").loc[FIRST : FIRST + 59])
    predicted = predictions(seed=2)["predicted"].map(FERPLUS_CLASSES.index).to_numpy()
    part = scores["compact_ferplus"]["all"]
    assert part["faces"] == (labels >= 0).sum()
    assert part["accuracy"] == pytest.approx((predicted == labels)[labels >= 0].mean(), abs=1e-6)


def test_the_networks_of_the_benchmark_are_scored_over_their_seeds_and_averaged(study):
    for seed in SEEDS:
        score_ferplus.main(f"benchmark_ferplus/{seed}")
    ferplus.main()
    scores = read("metrics/details/ferplus.json")["eight_classes"]["benchmark_ferplus"]
    assert scores["seeds"] == 2
    rows = [read(f"metrics/benchmark_ferplus/{seed}.json") for seed in SEEDS]
    one_view = scores["views"]["centre"]
    mean = sum(row["accuracy"] for row in rows) / 2
    assert one_view["all"]["accuracy"] == pytest.approx(mean, abs=1e-6)
    assert one_view["validation"] == pytest.approx(0.575)
    folders = [f"plots/benchmark_ferplus/{seed}/predictions" for seed in SEEDS]
    together = averaged([pd.read_csv(f"{folder}/test_ten.csv") for folder in folders])
    right = (together["actual"] == together["predicted"]).mean()
    average = scores["views"]["ten"]["average"]
    assert average["all"]["accuracy"] == pytest.approx(right, abs=1e-6)
    assert average["without_copy"]["faces"] == 40


def test_seeds_that_dvc_yaml_does_not_train_are_not_read(study):
    score_ferplus.main("benchmark_ferplus/8")
    write_pipeline(score_ferplus={"benchmark_ferplus_8": line(8)})
    ferplus.main()
    trained = read("metrics/details/ferplus.json")["eight_classes"]["benchmark_ferplus"]
    assert trained["seeds"] == 1 and "average" not in trained["views"]["ten"]
    write_pipeline(score_ferplus={})
    ferplus.main()
    assert read("metrics/details/ferplus.json")["eight_classes"] == {}


def test_without_votes_the_stage_writes_an_empty_file(study):
    without_votes()
    ferplus.main()
    assert json.loads(Path("metrics/details/ferplus.json").read_text()) == {}
