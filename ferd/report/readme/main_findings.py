"""The README's findings: one or two lines each, with the number of runs behind them."""

from ferd.report.findings import letter as the_letter
from ferd.report.findings.accuracy import accuracies, reproduced_title, seeds_of
from ferd.report.first_seed import first_seed
from ferd.report.model_names import AGAINST_CNN
from ferd.report.number_text import is_higher, is_lower, p_text, percent, points, seeds_text


def reproduced(study):
    """The paper's accuracies beside ours."""
    found = accuracies(study)
    letter, recipe, paper = (
        ", ".join(percent(one[kind]) for one in found.values())
        for kind in ("letter", "recipe", "paper")
    )
    return reproduced_title(found), [
        f"CNN, voting, stacking: to the letter {letter}%, by our recipe {recipe}% "
        f"(paper: {paper}%; {seeds_of(study)})"
    ]


def letter(study):
    """The CNN trained by the paper's own settings."""
    title, (scores, *_) = the_letter.letter(study)
    return title, [scores]


def copies(study):
    """The ensembles' gain on test faces with a copy in train, and on the others."""
    tests = study.metrics["paired_tests"]
    alone = [tests["without_any_copy"][pair] for pair in AGAINST_CNN]
    copied = [tests["with_copy"][pair] for pair in AGAINST_CNN]
    title = "Voting and stacking against the CNN"
    if all(map(is_higher, copied)) and not any(map(is_higher, alone)):
        title = "Voting and stacking beat the CNN only on test faces with a copy in train"
    there, elsewhere = (
        " and ".join(points(test["difference"]) for test in part) for part in (copied, alone)
    )
    return title, [
        f"By our recipe {there} points with one, {elsewhere} without (one run)"
        f"{_letters_gain(study)}"
    ]


def _letters_gain(study):
    """The same by the paper's own settings, on test faces without a copy."""
    part = study.metrics.get("claims", {}).get("letter", {}).get("without_any_copy", {})
    tests = [part.get("claims", {}).get(pair) for pair in AGAINST_CNN]
    if not all(tests):
        return ""
    gains = " and ".join(points(test["difference"]) for test in tests)
    return f"; to the letter {gains} without ({seeds_text(tests[0]['first_seeds'])})"


def annotators(study):
    """The improved network's lead by both kinds of labels."""
    part = study.metrics["agreement"]["detected"]
    label, majority, matched = (
        part["seeds"][truth]["improved - cnn"]
        for truth in ("label", "annotators", "annotators_counts")
    )
    count = part["networks"]["improved"]["spread"]["label"]["seeds"]
    title = "The lead of `improved` over the CNN, by both kinds of labels"
    if is_higher(label, "p") and abs(matched["difference"]) < label["difference"] / 2:
        title = "Annotators' majority labels confirm less than half of the lead of `improved`"
    return title, [
        f"Over the CNN: {points(label['difference'])} points by FER2013's labels, "
        f"{points(majority['difference'])} by majority labels, {points(matched['difference'])} "
        f"re-weighted to annotators' class shares ({seeds_text(count)})"
    ]


def labels(study):
    """Training on annotator votes."""
    part = study.metrics["agreement"]["private_test"]
    votes, same = (
        first_seed(part["networks"][name])["annotators"]["accuracy"]
        for name in ("compact_ferplus", "compact")
    )
    single = part["clear"]["one_person"]["all"]
    title = "Training on annotator votes"
    test = part["tests"]["annotators"]["compact_ferplus - compact"]
    if is_higher(test) and votes > single:
        title = (
            "Trained on annotator votes, a network matches their majority more often than one "
            "annotator does"
        )
    return title, [
        f"{percent(votes)}% of faces, one annotator {percent(single)}%; the same network trained "
        f"on FER2013's labels {percent(same)}% (one run each)"
    ]


def cropping(study):
    """Crops against whole images, on the same faces."""
    seeds, models = study.metrics["seeds"], study.metrics["evaluate"]["models"]
    test = seeds["against_cnn"]["cosine_uncropped"]["detected"]
    count = seeds["variants"]["cosine_uncropped"]["detected"]["seeds"]
    whole = models["cnn, whole images"]
    easier = whole["detected"]["accuracy"] - whole["all"]["accuracy"]
    title = "Whole images against crops"
    if not is_lower(test):
        title = "Crops do no better than whole images of the same faces"
    return title, [
        f"Training on whole images: {points(test['difference'])} points, {p_text(test['p_holm'])} "
        f"({seeds_text(count)}). Leaving out test images without a detected face: {points(easier)} "
        "points (one run)"
    ]


MAIN = (reproduced, letter, copies, annotators, labels, cropping)
