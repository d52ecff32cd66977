"""Compares the networks trained on a GPU with those of the CPU stages, on PrivateTest."""

from ferd.dataset.parts.official_split import official_parts
from ferd.report.number_text import p_value, points
from ferd.report.tables.agreement_table import agreement_table
from ferd.report.tables.headline_table import PARTS
from ferd.scoring.agreement import clear_faces, clear_rows, set_beside
from ferd.scoring.copy_effect import parts_by_copy
from ferd.scoring.prior_matching import annotators_shares
from ferd.scoring.tables import compare_models
from ferd.study.markdown import markdown

PAIRS = (
    ("compact_gpu", "compact"),
    ("compact_gpu", "benchmark_fer2013"),
    ("benchmark_gpu", "benchmark_fer2013"),
    ("distilled_gpu", "benchmark_fer2013"),
    ("distilled_gpu", "benchmark_gpu"),
    ("distilled_gpu", "compact_gpu"),
)


def compare(tables, audit, votes, draws, seed):
    """Tests the networks against each other, by labels and by annotators' majority labels.

    Args:
        tables: Dict of network to DataFrame of `ferd.study.base.results.prediction_table`, of all
            of PrivateTest; one training each.
        audit: data/audit.csv, indexed by image name.
        votes: As in `ferd.scoring.agreement.clear_faces`.
        draws, seed: As in `ferd.scoring.uncertainty.accuracy_interval`.

    Returns:
        Dict: `tests` (by part, as `ferd.scoring.tables.compare_models`, on all images) and
        `annotators` (as `ferd.scoring.agreement.set_beside`, on the clear ones; empty where the
        audit has no votes).
    """
    groups = audit["copy_group"]
    parts = parts_by_copy(next(iter(tables.values()))["name"], "official", groups)
    found = {"tests": compare_models(tables, PAIRS, parts, groups, draws, seed), "annotators": {}}
    if "ferplus" in audit:
        annotators = clear_faces(audit, votes)
        shares = annotators_shares(audit.index[official_parts(audit.index)["train"]], annotators)
        clear = {
            name: {"first": clear_rows(one, annotators, shares)} for name, one in tables.items()
        }
        found["annotators"] = set_beside(clear, PAIRS, groups, draws, seed)
    return found


def gpu_tables(section):
    """Paragraphs for docs/performance.md: time of each training, and tests between the networks.

    Args:
        section: `gpu` of benchmarks/results.json.
    """
    parts = [costs_table(section["costs"])]
    parts += [
        "Differences of accuracy by FER2013's labels, in points (exact McNemar test, Holm's "
        "correction):",
        tests_table(section["tests"]),
    ]
    if section["annotators"]:
        parts += [
            "Agreement with FER+'s annotators on clear faces:",
            agreement_table(section["annotators"]),
        ]
        parts += [
            "Differences of accuracy by majority labels, prior-matched, in points:",
            tests_table({"clear faces": section["annotators"]["tests"]["annotators_matched"]}),
        ]
    return parts


def costs_table(costs):
    """Markdown: a row per training."""
    rows = [
        [
            f"`{stage}`",
            cost["device"],
            cost["precision"],
            str(cost["epochs"]),
            f"{cost['training_seconds']:.0f}",
            f"{cost['seconds']:.0f}",
        ]
        for stage, cost in costs.items()
    ]
    head = ["training", "device", "precision", "epochs", "training, s", "in all, s"]
    return markdown(head, rows)


def tests_table(tests):
    """Markdown: a row per pair, a column per part; the difference and its corrected p."""
    rows = [
        [
            pair.replace(" - ", " minus "),
            *(
                f"{points(found[pair]['difference'], 2)}, p {p_value(found[pair]['p_holm'])}"
                for found in tests.values()
            ),
        ]
        for pair in next(iter(tests.values()))
    ]
    return markdown(["pair", *(PARTS.get(part, part) for part in tests)], rows)
