"""The README's table: five networks, scored by FER2013's labels and by FER+'s annotators."""

import textwrap
from typing import NamedTuple

from ferd.report.first_seed import first_seed
from ferd.report.model_names import shown
from ferd.report.number_text import counted_cell, score_cell, with_interval
from ferd.report.paper_results import CROP, STACKING
from ferd.report.readme.notes import readme_notes
from ferd.report.table_one import parameters
from ferd.study.markdown import markdown

WIDTH = 110
PAPER_SET, PRIVATE_TEST = "the paper's", "PrivateTest"
TITLES = {"compact_ferplus": "our network trained on annotator votes, `compact_ferplus`"}
HEAD = (
    "network",
    "weights of the network",
    "test set",
    "accuracy by FER2013's labels, % (95% interval)",
    "accuracy by annotators' majority labels, % (95% interval)",
)


class Row(NamedTuple):
    """One network: its name, its number of weights, its test set, and its two scores as text."""

    name: str
    weights: str
    test_set: str
    by_label: str
    by_annotators: str = ""


def readme_table(metrics):
    """Paragraphs: the table, and what its test sets and intervals are.

    Args:
        metrics: From `ferd.study.details.read_details`; rows of what has not run are left out.
    """
    rows = [
        _paper(),
        *_to_the_letter(metrics),
        *_reproduced(metrics),
        *_improved(metrics),
        *_best_by_annotators(metrics),
        *_package(metrics),
    ]
    notes = textwrap.fill(" ".join(readme_notes(metrics)), WIDTH, break_on_hyphens=False)
    return [markdown(HEAD, rows), notes]


def _paper():
    name, weights = "the paper's best model: stacking on its CNN's features", f"{parameters():,}"
    score = counted_cell(STACKING["accuracy"], CROP["test"]["found"])
    return Row(name, weights, PAPER_SET, score)


def _to_the_letter(metrics):
    """The run of stacking by the paper's own settings; FER+'s annotators do not score it."""
    if not {"automl_stacking", "train"} <= set(metrics):
        return []
    own, found = metrics["automl_stacking"]["stack"], _over_seeds(metrics, "letter", "stack")
    score = _interval(found) if found else counted_cell(own["accuracy"], own["faces"])
    count = f", mean of {found['seeds']} seeds" if found.get("seeds", 1) > 1 else ""
    weights = f"{metrics['train']['parameters']:,}"
    return [Row(f"the same here, to the letter{count}", weights, PAPER_SET, score)]


def _over_seeds(metrics, family, model):
    """A model's accuracy with its interval for new seeds and new faces; {} without one."""
    found = metrics.get("claims", {}).get(family, {}).get("detected", {}).get("accuracy", {})
    return found.get(model, {})


def _interval(found):
    return with_interval(*(found[key] for key in ("mean", "low", "high")))


def _reproduced(metrics):
    if not {"cosine_stacking", "cosine"} <= set(metrics):
        return []
    own = metrics["cosine_stacking"]["stack"]
    score = counted_cell(own["accuracy"], own["faces"])
    if "evaluate" in metrics:
        score = score_cell(metrics["evaluate"]["models"]["stack"]["detected"])
    weights = f"{metrics['cosine']['parameters']:,}"
    return [
        Row(
            "the same here, by our recipe", weights, PAPER_SET, score, _annotators(metrics, "stack")
        )
    ]


def _improved(metrics):
    if "headline" not in metrics:
        return []
    found = metrics["headline"]["improved"]
    weights = f"{found['network']['parameters']:,}"
    name = f"our residual network, `improved`{_seeds(found)}"
    spread = _over_seeds(metrics, "improved", "improved")
    score = _interval(spread) if spread else _score(found)
    both = score, _annotators(metrics, "improved")
    return [Row(name, weights, PAPER_SET, *both)]


def _best_by_annotators(metrics):
    """The network with the highest accuracy by the majority labels, on either test set."""
    networks = {
        (part, name): score["annotators"]["accuracy"]
        for part in ("detected", "private_test")
        for name, found in metrics.get("agreement", {}).get(part, {}).get("networks", {}).items()
        for score in [first_seed(found)]
    }
    if not networks:
        return []
    part, name = max(networks, key=networks.get)
    own = _first_run(metrics, name)
    weights = f"{own['parameters']:,}" if "parameters" in own else ""
    score = score_cell(own["test"]["all"]) if "test" in own else ""
    test_set = PAPER_SET if part == "detected" else PRIVATE_TEST
    title = TITLES.get(name, shown(name))
    return [Row(title, weights, test_set, score, _annotators(metrics, name, part))]


def _first_run(metrics, name):
    """The scores of a network's first seed, or none if they are not a run of its own."""
    runs = [found for run, found in metrics.items() if run == name or run.startswith(f"{name}/")]
    return runs[0] if runs else {}


def _package(metrics):
    packages = metrics.get("headline", {}).get("packages")
    if not packages:
        return []
    name = max(packages, key=packages.get)
    score = counted_cell(packages[name], metrics["headline"]["package_faces"])
    found = metrics["headline"].get("package_agreement", {}).get(name)
    agreement, version = "", ""
    if found:
        version = f" {found['version']}"
        keys = ("by_annotators", "by_annotators_low", "by_annotators_high")
        agreement = with_interval(*(found[key] for key in keys))
    title = f"best other Python package measured, `{name}`{version}"
    return [Row(title, "", PRIVATE_TEST, score, agreement)]


def _score(found):
    """An accuracy with its interval: over seeds where there are several, else over test faces."""
    if "spread" in found:
        spread = found["spread"]
        return with_interval(spread["mean"], spread["low"], spread["high"])
    return score_cell(first_seed(found))


def _seeds(found):
    return f", mean of {found['spread']['seeds']} seeds" if "spread" in found else ""


def _annotators(metrics, name, part="detected"):
    found = metrics.get("agreement", {}).get(part, {}).get("networks", {}).get(name)
    if found is None:
        return ""
    if "spread" in found:
        spread = found["spread"]["annotators"]
        return with_interval(spread["mean"], spread["low"], spread["high"])
    return score_cell(first_seed(found)["annotators"])
