"""ferd.report.results.results_page: every figure follows from metrics/, and what has not run is
said."""

from pathlib import Path
from statistics import mean

import pytest

from ferd.classes import CLASSES
from ferd.report.results import results_annotators, results_limits, results_tables
from ferd.report.results.results_page import results_document
from ferd.report.results.results_tables import MODELS, accuracy_table, class_table, ensembles_table
from ferd.scoring.claim_list import CLAIMS
from ferd.study.details import read_details
from ferd.study.markdown import MOST_COLUMNS

ROOT = Path(__file__).resolve().parents[2]
HEADINGS = (
    *("The paper's claims", "Accuracy on the paper's test set", "The CNN, class by class"),
    *("Voting and stacking", "Annotators and other test sets", "What this study cannot say"),
    "More",
)


@pytest.fixture
def metrics(monkeypatch):
    """The committed study, free to be changed."""
    monkeypatch.chdir(ROOT)
    return read_details(partial=True)


@pytest.fixture
def with_letter(metrics):
    """The committed study with two runs by the paper's settings, which score as others did."""
    renamed = {"train": metrics["cosine"], "replicate/train_2025": metrics["replicate/cosine_2025"]}
    found = {name: one for name, one in metrics.items() if "train" not in name} | renamed
    parts = {}
    for part, entry in metrics["claims"]["cosine"].items():
        scores = {"cnn": entry["accuracy"]["cnn"] | {"seeds": 2}}
        pair = "cnn, CBAM - cnn"
        parts[part] = {"accuracy": scores, "claims": {pair: entry["claims"][pair]}}
    return found | {"claims": {"cosine": metrics["claims"]["cosine"], "letter": parts}}


@pytest.fixture
def without_letter(metrics):
    found = {name: one for name, one in metrics.items() if "train" not in name}
    return found | {"claims": {"cosine": metrics["claims"]["cosine"]}}


def cells(table, name):
    """The cells of a row after its name, by the name."""
    (line,) = (row for row in table.splitlines() if row.startswith(f"| {name} |"))
    return [cell.strip() for cell in line.strip("| ").split(" | ")][1:]


def test_the_page_has_its_sections_in_order_and_no_wide_table(metrics):
    text = results_document(metrics)
    headings = [line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")]
    assert tuple(headings) == HEADINGS
    assert len(text.splitlines()) < 140
    widths = {line.count("|") - 1 for line in text.splitlines() if line.startswith("|")}
    assert max(widths) <= MOST_COLUMNS


def test_a_study_without_any_run_has_the_papers_figures_alone():
    text = results_document({})
    assert "| the paper's CNN | not given | 66.7 (65.4 to 68.0) |  | 65 | 63 |" in text
    assert all(f"| {model} | {' | '.join(['not run'] * 5)} |" in text for model in MODELS)
    assert "0.59 / not run / not run" in text
    assert "| 0.6713 / not run / not run | 0.6726 / not run / not run |" in text
    assert "Annotators and other test sets" not in text
    assert results_limits.limits({}) == [
        "- **The paper's own settings.** The CNN to the letter has not been run. None of the "
        f"{len(CLAIMS)} claims was tested by the paper's settings."
    ]


def test_the_letter_has_a_row_only_once_it_has_run(without_letter, with_letter):
    assert cells(accuracy_table(without_letter), "CNN to the letter") == ["not run"] * 5
    row = cells(accuracy_table(with_letter), "CNN to the letter")
    ours = cells(accuracy_table(with_letter), "CNN, our recipe")
    assert row[0] == "2" and row[1:3] == ours[1:3]
    runs = [with_letter[name]["test"] for name in ("train", "replicate/train_2025")]
    assert row[3] == f"{100 * mean(one['macro']['recall'] for one in runs):.1f}"
    assert row[4] == f"{100 * mean(one['macro']['f1'] for one in runs):.1f}"
    assert "not run" not in class_table(with_letter) and "not run" in class_table(without_letter)


def test_a_mean_without_an_interval_is_shown_until_the_claims_know_its_seeds(with_letter):
    del with_letter["replicate/train_2025"]
    accuracy = with_letter["train"]["test"]["accuracy"]
    row = cells(accuracy_table(with_letter), "CNN to the letter")
    assert row[:3] == ["1", f"{100 * accuracy:.1f}", "not scored"]


def test_committed_rows_are_the_means_over_their_runs(metrics):
    table = accuracy_table(metrics)
    for model in MODELS:
        runs = results_tables.scores_of(metrics, model)
        if not runs:
            continue
        row = cells(table, model)
        assert row[0] == str(len(runs))
        assert row[1].split(" (")[0] == f"{100 * mean(one['accuracy'] for one in runs):.1f}"
        assert row[3] == f"{100 * mean(one['macro']['recall'] for one in runs):.1f}"
    assert cells(table, "`improved`")[0] == "3"
    alone = metrics["claims"]["improved"]["without_any_copy"]["accuracy"]["improved"]["mean"]
    assert cells(table, "`improved`")[2].startswith(f"{100 * alone:.1f} (")


def test_runs_of_other_variants_are_not_taken_for_seeds(metrics):
    runs = results_tables.scores_of(metrics, "CNN, our recipe")
    names = ("cosine", "replicate/cosine_2025", "replicate/cosine_2026")
    assert runs == [metrics[name]["test"] for name in names]


def test_each_class_is_the_mean_over_seeds_beside_the_papers(with_letter):
    names = ("cosine", "replicate/cosine_2025", "replicate/cosine_2026")
    runs = [with_letter[name]["test"]["per_class"]["disgust"] for name in names]
    faces, precision, recall, f1 = cells(class_table(with_letter), "disgust")
    assert faces == str(runs[0]["support"])
    assert precision.startswith("0.47 / ") and recall.startswith("0.78 / ")
    assert f1.split(" / ")[2] == f"{mean(one['f1'] for one in runs):.3f}"
    assert len(class_table(with_letter).splitlines()) == 2 + len(CLASSES) + 1


def test_ensembles_stand_beside_tables_iii_and_iv(metrics):
    table = ensembles_table(metrics)
    soft, stack = metrics["cosine_voting"]["soft"], metrics["cosine_stacking"]["stack"]
    letter = [
        mean(one["auc"] for one in results_tables.scores_of(metrics, f"{name} to the letter"))
        for name in ("voting", "stacking")
    ]
    assert cells(table, "AUC") == [
        f"0.9121 / {letter[0]:.4f} / {soft['auc']:.4f}",
        f"0.8990 / {letter[1]:.4f} / {stack['auc']:.4f}",
    ]
    ours = [one["per_class"]["fear"]["f1"] for one in (soft, stack)]
    for cell, figure in zip(cells(table, "F1, fear"), ours, strict=True):
        assert cell.startswith("0.50 / ") and cell.endswith(f" / {figure:.3f}")


def test_annotators_table_has_the_mean_over_seeds_by_each_label(metrics):
    agreement = metrics["agreement"]
    table = results_annotators.annotators_table(agreement)
    seeds = agreement["detected"]["networks"]["improved"]["seeds"].values()
    row = cells(table, "`improved`")
    assert row[0] == f"the paper's ({agreement['detected']['clear']['faces']:,})"
    assert row[4] == f"{100 * mean(one['annotators_counts']['accuracy'] for one in seeds):.2f}"
    assert cells(table, "`compact_ferplus`")[0].startswith("PrivateTest (")


@pytest.mark.parametrize(
    ("p", "difference", "expected"),
    [
        (0.3, 0.01, "`improved` and the CNN (our recipe) cannot be told apart (+1.0 points"),
        (0.001, 0.01, "`improved` scores higher than the CNN (our recipe) (+1.0 points"),
        (0.001, -0.01, "`improved` scores lower than the CNN (our recipe) (-1.0 points"),
    ],
)
def test_the_verdict_on_what_is_left_follows_from_the_test_by_counts(
    metrics, p, difference, expected
):
    tests = metrics["agreement"]["detected"]["tests"]["annotators_counts"]
    tests["improved - cnn"] |= {"difference": difference, "p_groups_holm": p}
    (text,) = results_annotators.survival(metrics["agreement"])
    assert expected in text


def test_limits_have_the_sizes_that_the_stages_measured(metrics):
    text = "\n".join(results_limits.limits(metrics))
    leads = [100 * entry["difference"] for entry in metrics["copy_sensitivity"].values()]
    assert f"{min(leads):+.2f} to {max(leads):+.2f} points" in text
    # As docs/reproduction.md derives it.
    assert "at most 3,042 of the 7,066 test images (43%)" in text
    draws = metrics["redraws"]
    assert f"{100 * draws['low']:.1f} to {100 * draws['high']:.1f}%" in text
    metrics["fetch"]["paper_difference"]["test"]["all"] = -1
    assert "differ from the paper's" not in "\n".join(results_limits.limits(metrics))
    metrics["copy_sensitivity"]["0.9"]["difference"] = -0.01
    assert "is -1.00 to " in "\n".join(results_limits.limits(metrics))


def test_claims_and_models_without_a_run_are_named(with_letter):
    text = results_limits.not_run(with_letter)
    assert '"Voting is better than the CNN."' in text and "CBAM" not in text
    assert "has not been run" not in text
    assert "soft voting" in results_limits.single_runs(with_letter)
    del with_letter["replicate/train_2025"]
    assert "known: CNN to the letter, " in results_limits.single_runs(with_letter)
