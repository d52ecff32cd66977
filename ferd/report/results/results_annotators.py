"""Writes the section of docs/results.md on networks scored by FER+'s annotators."""

from statistics import mean

from ferd.report.number_text import compared, percent, points
from ferd.report.results.results_tables import OURS, OURS_IN_TEXT
from ferd.study.markdown import markdown

# Name of a network in metrics/details/agreement.json, and how the table calls it.
ON_PAPER_SET = {
    "cnn": OURS,
    "cnn, whole images": f"{OURS}, on whole images",
    "soft vote": "voting, our recipe",
    "stack": "stacking, our recipe",
    "improved": "`improved`",
}
ON_PRIVATE_TEST = {
    name: f"`{name}`" for name in ("benchmark_fer2013", "compact", "compact_ferplus")
}
TEST_SETS = (
    ("detected", "the paper's", ON_PAPER_SET),
    ("private_test", "PrivateTest", ON_PRIVATE_TEST),
)
TRUTHS = {
    "label": "by FER2013's labels, %",
    "annotators": "by majority labels, %",
    "annotators_matched": "matched by probabilities, %",
    "annotators_counts": "matched by counts, %",
}


def annotators_part(agreement):
    """Paragraphs: networks by FER2013's labels and by those of FER+'s ten annotators.

    Args:
        agreement: metrics/details/agreement.json; empty if it has not been written.
    """
    if not agreement:
        return []
    return [
        "## Annotators and other test sets",
        "Ten annotators of FER+ labelled each image again. All columns are accuracies on the faces "
        "for which more than half of them chose the same class, the majority label. Annotators "
        "choose neutral far more often than FER2013's labels do. So two columns show the accuracy "
        "by majority labels after the predictions are re-weighted by class to the shares that "
        "annotators give on training faces (prior-matched). Matched by probabilities: the mean "
        "probability of each class is its share. Matched by counts: the share of faces predicted "
        "as the class is. PrivateTest is the test set of FER2013's own split. `compact` and "
        "`benchmark_fer2013` are residual networks trained for it; `compact_ferplus` is `compact` "
        "trained on the annotators' votes.",
        annotators_table(agreement),
        *survival(agreement),
    ]


def annotators_table(agreement):
    """Markdown: a row per network and test set, its mean accuracy over seeds by each label.

    Args:
        agreement: As in `annotators_part`.
    """
    rows = []
    for part, test_set, names in TEST_SETS:
        found = agreement.get(part, {"networks": {}})
        for name, label in names.items():
            if name in found["networks"]:
                runs = found["networks"][name]["seeds"].values()
                scores = [mean(one[truth]["accuracy"] for one in runs) for truth in TRUTHS]
                faces = f"{test_set} ({found['clear']['faces']:,})"
                rows.append([label, faces, *(percent(score, 2) for score in scores)])
    return markdown(["network", "test set (faces)", *TRUTHS.values()], rows)


def survival(agreement):
    """Paragraph: what is left of the lead of `improved`, and of the gain by annotator votes.

    Args:
        agreement: As in `annotators_part`.
    """
    pair, detected = "improved - cnn", agreement.get("detected", {"seeds": {}, "tests": {}})
    sentences = []
    if pair in detected["seeds"].get("label", {}):
        lead, left = (
            points(detected["seeds"][truth][pair]["difference"], 2)
            for truth in ("label", "annotators_counts")
        )
        test = detected["tests"]["annotators_counts"][pair]
        sentences.append(
            f"From {OURS_IN_TEXT} to `improved` the accuracy changes by {lead} points by FER2013's "
            f"labels, and by {left} points by majority labels matched by counts (means over "
            f"seeds). By the latter, {_verdict('`improved`', OURS_IN_TEXT, test)} on the first "
            "seed of each."
        )
    pair = "compact_ferplus - compact"
    tests = agreement.get("private_test", {}).get("tests", {}).get("annotators_counts", {})
    if pair in tests:
        verdict = _verdict("`compact_ferplus`", "`compact`", tests[pair])
        sentences.append(f"On PrivateTest, one run each, {verdict} by the same measure.")
    return [" ".join(sentences)] if sentences else []


def _verdict(first, second, test):
    return compared(first, second, test, "p_groups_holm")
