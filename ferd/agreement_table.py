"""Tables of the networks beside FER+'s people, for the README and docs/report.md."""

from ferd.report_tables import tests_table
from ferd.seed_tables import welch_cell
from ferd.tables import markdown

PARTS = (
    ("detected", "The paper's test set, detected faces"),
    ("without_any_copy", "Of these, faces without any copy in train"),
    ("private_test", "PrivateTest"),
)
TRUTHS = (
    ("label", "by labels"),
    ("people", "by people"),
    ("people_matched", "by people, shares matched"),
)


def agreement_section(agreement):
    """Paragraphs: what the table is of, and the networks on the paper's detected faces.

    Args:
        agreement: metrics/agreement.json.
    """
    if not agreement:
        return []
    return [
        "**Beside FER+'s people**: accuracy on the clear faces, those of which most of ten people "
        "gave one answer of the seven, by FER2013's label and by that answer. People say "
        "neutral far more often than the labels do; shares matched: a network's probabilities are "
        "weighed so that it gives each class as often as people do on training faces. "
        "Networks of several seeds: mean and SD.",
        agreement_table(agreement["detected"]),
        "PrivateTest. `compact_ferplus` is `compact` taught by FER+'s people in place of the "
        "labels, on the same training images. It had answers that the others had not: its row "
        "says what labels are worth, not which recipe is better.",
        agreement_table(agreement["private_test"]),
    ]


def agreement_table(part):
    """Markdown: a row per network, its accuracy by each truth and what it says against the people.

    Args:
        part: One part of metrics/agreement.json.
    """
    clear = part["clear"]
    share = 1 - clear["contradicted"] / clear["faces"]
    rows = [
        ["one who always says what the people say", f"{share:.4f}", "1", "", "100%", "0%", "100%"]
    ]
    alone = clear.get("one_person")
    rows += [_person_row(alone)] if alone else []
    rows += [_row(name, found) for name, found in part["networks"].items()]
    head = [
        f"network, on {clear['faces']:,} clear faces",
        *(label for _, label in TRUTHS),
        "right where people say the label",
        f"says the label where they do not ({clear['contradicted']:,})",
        "says what they say there",
    ]
    return markdown(head, rows)


def pair_tables(part):
    """Paragraphs: every pair of networks, tested by each truth.

    Args:
        part: As in `agreement_table`.
    """
    found = []
    for truth, label in TRUTHS:
        found += [f"Right {label}:", tests_table(part["tests"][truth])]
    if part["seeds"]["label"]:
        found += ["Over seeds (Welch's test), in points:", _seeds_table(part["seeds"])]
    return found


def _person_row(alone):
    agreed, contradicted = (
        f"{100 * alone[where]:.1f}%" if where in alone else ""
        for where in ("agreed", "contradicted")
    )
    label = "one of the ten people, the own answer counted among theirs"
    return [label, "", f"{alone['all']:.4f}", "", agreed, "", contradicted]


def _row(name, found):
    first = next(iter(found["seeds"].values()))
    cells = [_cell(found, first, truth) for truth, _ in TRUTHS]
    against = first.get("contradicted", {})
    says = [f"{100 * against[who]:.0f}%" if against else "" for who in ("label", "people")]
    return [name, *cells, f"{100 * first['agreed']:.1f}%", *says]


def _cell(found, first, truth):
    if "spread" in found:
        spread = found["spread"][truth]
        return f"{spread['mean']:.4f} ± {spread['sd']:.4f}"
    return f"{first[truth]['accuracy']:.4f}"


def _seeds_table(seeds):
    rows = [
        [pair.replace(" - ", " less "), *(welch_cell(seeds[truth][pair]) for truth, _ in TRUTHS)]
        for pair in seeds["label"]
    ]
    return markdown(["pair", *(label for _, label in TRUTHS)], rows)
