"""Writes the tables of networks scored by FER+'s annotators, for docs/tables.md and report.md."""

from ferd.report.first_seed import first_seed
from ferd.report.model_names import shown, shown_pair
from ferd.report.number_text import percent
from ferd.report.tables.report_tables import tests_table
from ferd.report.tables.seed_tables import welch_cell
from ferd.study.markdown import markdown

PARTS = (
    ("detected", "The paper's test set, detected faces"),
    ("without_any_copy", "Of these, faces without any copy in train"),
    ("private_test", "PrivateTest"),
)
TRUTHS = (
    ("label", "by FER2013's labels"),
    ("annotators", "by majority labels"),
    ("annotators_matched", "by majority labels, matched by probabilities"),
    ("annotators_counts", "by majority labels, matched by counts"),
)
ALWAYS_MAJORITY = "always the majority label"
ANNOTATOR = "a single annotator, their own vote included"


def agreement_section(agreement):
    """Paragraphs: what the tables are of, and the networks on both test sets.

    Args:
        agreement: metrics/details/agreement.json.
    """
    if not agreement:
        return []
    return [
        "## By FER+'s annotators",
        "Each face has ten annotator votes. A face is clear if more than half of the annotators "
        "chose the same one of the seven classes, its majority label. Annotators choose neutral "
        "far more often than FER2013's labels do. Prior-matched predictions are re-weighted to the "
        "shares in which annotators choose the classes on training faces. Matched by "
        "probabilities, the mean probability of each class is its share; matched by counts, the "
        "share of faces predicted as the class is. Where a network was trained from several seeds: "
        "mean ± SD.",
        "The paper's test set:",
        agreement_table(agreement["detected"]),
        "PrivateTest. `compact_ferplus` is `compact` trained on FER+'s votes instead of FER2013's "
        "labels, on the same images. The others were not trained on these votes, so its row shows "
        "the effect of the training labels, not of a better recipe.",
        agreement_table(agreement["private_test"]),
    ]


def agreement_table(part):
    """Markdown: networks by each kind of label, then their predictions where the labels differ.

    Args:
        part: One part of metrics/details/agreement.json.
    """
    return f"{accuracy_table(part)}\n\n{difference_table(part)}"


def accuracy_table(part):
    """Markdown: a row per network, its accuracy by each kind of label."""
    clear = part["clear"]
    share = percent(1 - clear["contradicted"] / clear["faces"], 2)
    truths = truths_of(part)
    matched = [""] * (len(truths) - 2)
    rows = [[ALWAYS_MAJORITY, share, "100", *matched]]
    if alone := clear.get("one_person"):
        rows.append([ANNOTATOR, "", percent(alone["all"], 2), *matched])
    for name, found in part["networks"].items():
        rows.append([shown(name), *(_accuracy(found, truth) for truth in truths)])
    head = [f"accuracy on {clear['faces']:,} clear faces, %", *truths.values()]
    return markdown(head, rows)


def truths_of(part):
    """Dict of the kinds of labels that a part is scored by to their columns.

    benchmarks/results.json has GPU networks that were scored before the last of `TRUTHS` existed.

    Args:
        part: As in `agreement_table`.
    """
    return {truth: label for truth, label in TRUTHS if truth in part["tests"]}


def difference_table(part):
    """Markdown: a row per network, what it predicts where the two labels agree and differ."""
    clear = part["clear"]
    rows = [[ALWAYS_MAJORITY, "100", "0", "100"]]
    if alone := clear.get("one_person"):
        agreed, contradicted = (
            percent(alone[where]) if where in alone else "" for where in ("agreed", "contradicted")
        )
        rows.append([ANNOTATOR, agreed, "", contradicted])
    for name, found in part["networks"].items():
        first = first_seed(found)
        against = first.get("contradicted", {})
        predicted = [percent(against[who]) if against else "" for who in ("label", "annotators")]
        rows.append([shown(name), percent(first["agreed"]), *predicted])
    same = clear["faces"] - clear["contradicted"]
    same = f"both labels are the same ({same:,} faces): correct, %"
    differ = f"they differ ({clear['contradicted']:,} faces)"
    head = [f"{differ}: predicts FER2013's label, %", "they differ: predicts the majority label, %"]
    return markdown(["first seed of each network", same, *head], rows)


def pair_tables(part):
    """Paragraphs: every pair of networks, tested by each kind of label.

    Args:
        part: As in `agreement_table`.
    """
    found = []
    for truth, label in truths_of(part).items():
        found += [f"Correct {label}:", tests_table(part["tests"][truth])]
    if part["seeds"]["label"]:
        found += ["Means over seeds, Welch's test:", _seeds_table(part["seeds"])]
    return found


def _accuracy(found, truth):
    if "spread" in found:
        spread = found["spread"][truth]
        return f"{percent(spread['mean'], 2)} ± {percent(spread['sd'], 2)}"
    first = first_seed(found)
    return percent(first[truth]["accuracy"], 2)


def _seeds_table(seeds):
    truths = {truth: label for truth, label in TRUTHS if truth in seeds}
    rows = [
        [shown_pair(pair), *(welch_cell(seeds[truth][pair]) for truth in truths)]
        for pair in seeds["label"]
    ]
    return markdown(["difference of the means, points", *truths.values()], rows)
