"""Findings by FER+'s annotators: scores by their majority labels beside those by FER2013's."""

from ferd.report.first_seed import first_seed
from ferd.report.model_names import AGAINST_CNN
from ferd.report.number_text import both_compared, compared, is_clear, is_lower, percent, seeds_text


def gain(study):
    """How much of the improved network's lead by the labels is left by the majority labels."""
    part = study.metrics["agreement"]["detected"]
    clear, pair = part["clear"], "improved - cnn"
    label, annotators, matched, counts = (
        part["seeds"][truth][pair]
        for truth in ("label", "annotators", "annotators_matched", "annotators_counts")
    )
    count = seeds_text(part["networks"]["improved"]["spread"]["label"]["seeds"])
    title = "Accuracy gains by annotators' majority labels"
    if is_clear(label, "p") and counts["difference"] < label["difference"] / 2:
        title = (
            "Most of the lead of `improved` disappears when annotators' majority labels are the "
            "reference"
        )
    names, share = ("`improved`", "the CNN"), clear["contradicted"] / clear["faces"]
    return title, [
        f"The majority label differs from FER2013's label on {clear['contradicted']:,} of the "
        f"{clear['faces']:,} clear test faces; a model that always predicted the majority label "
        f"would score {percent(1 - share)}% by FER2013's labels",
        f"By FER2013's labels, {compared(*names, label, 'p')}; by majority labels, "
        f"{compared(*names, annotators, 'p')}; prior-matched by probabilities, "
        f"{compared(*names, matched, 'p')}; by counts, {compared(*names, counts, 'p')}"
        f"{_left(label, counts)} ({count} each, Welch's test)",
        *_by_agreement(part["networks"]),
        "The majority label is not the truth either, but a gain by FER2013's labels alone is weak "
        "evidence that a network recognizes expressions better",
    ]


def _left(label, matched):
    """How much of a lead by the labels is a lead by the prior-matched majority labels too."""
    if label["difference"] <= 0:
        return ""
    share = percent(matched["difference"] / label["difference"], 0)
    return f", which is {share}% of the first difference"


def _by_agreement(networks):
    """Where the two labels are the same, and where they differ; first seeds."""
    ours, cnn = (first_seed(networks[name]) for name in ("improved", "cnn"))
    if "contradicted" not in ours:
        return []
    return [
        f"Where both labels are the same, `improved` is right on {percent(ours['agreed'])}% of the "
        f"faces and the CNN on {percent(cnn['agreed'])}%; where they differ, they predict "
        f"FER2013's label on {percent(ours['contradicted']['label'])}% and "
        f"{percent(cnn['contradicted']['label'])}% (first seeds)"
    ]


def ensembles(study):
    """The ensembles against the CNN, by majority labels."""
    agreement = study.metrics["agreement"]
    parts = {
        "On all clear test faces": agreement["detected"]["tests"],
        "On those without any copy in train": agreement["without_any_copy"]["tests"],
    }
    tests = [
        found[truth][pair]
        for found in parts.values()
        for truth in ("annotators", "annotators_matched")
        for pair in AGAINST_CNN
    ]
    title = "The ensembles by annotators' majority labels"
    if all(map(is_lower, tests)):
        title = "By annotators' majority labels, voting and stacking are worse than their CNN"
    sentences = []
    for words, found in parts.items():
        plain, matched = (
            both_compared(
                list(AGAINST_CNN.values()), "the CNN", [found[truth][pair] for pair in AGAINST_CNN]
            )
            for truth in ("annotators", "annotators_matched")
        )
        sentences.append(f"{words}, {plain}; prior-matched, {matched}")
    return title, [*sentences, "One run each"]


def labels(study):
    """Training on annotator votes against training on FER2013's labels."""
    part = study.metrics["agreement"]["private_test"]
    clear, networks = part["clear"], part["networks"]
    names = ("compact_ferplus", "compact", "benchmark_fer2013")
    first = {name: first_seed(networks[name]) for name in names}
    tests = part["tests"]["annotators"]
    votes = tests["compact_ferplus - compact"]
    size = tests["benchmark_fer2013 - compact"]
    title = "Training on annotator votes"
    if is_clear(votes) and votes["difference"] > max(0, size["difference"]):
        title = (
            "By majority labels, training on annotator votes gains more than a network with more "
            "multiply-adds"
        )
    return title, [
        "`compact_ferplus` is `compact` trained on FER+'s votes instead of FER2013's labels, on "
        f"the same images; `benchmark_fer2013` {_work(study)}. Accuracy by majority labels on "
        f"{clear['faces']:,} clear faces of PrivateTest: "
        f"{_three(first, lambda one: one['annotators']['accuracy'])}; prior-matched: "
        f"{_three(first, lambda one: one['annotators_matched']['accuracy'])}",
        "On the faces where the majority label is FER2013's label too: "
        f"{_three(first, lambda one: one['agreed'])}",
        f"By FER2013's labels: {_three(first, lambda one: one['label']['accuracy'])}",
        *_annotators(clear),
        *_packages(study),
        "One run each. `compact_ferplus` is in the package: `ferd predict --model annotators`",
    ]


def _three(first, value):
    shares = [f"`{name}` {percent(value(one))}%" for name, one in first.items()]
    return f"{', '.join(shares[:-1])} and {shares[-1]}"


def _work(study):
    """What sets benchmark_fer2013 apart from compact."""
    headline = study.metrics.get("headline")
    if not headline:
        return "is another network"
    large, small = (
        headline[stage]["network"]["multiply_adds"] for stage in ("benchmark_fer2013", "compact")
    )
    return f"takes {large / small:.1f} times the multiply-adds of `compact`"


def _annotators(clear):
    if "one_person" not in clear:
        return []
    return [
        f"A single annotator chooses the majority label on {percent(clear['one_person']['all'])}% "
        "of these faces, although their own vote is part of the majority"
    ]


def _packages(study):
    found = study.metrics.get("headline", {}).get("package_agreement")
    if not found:
        return []
    best = max(found, key=lambda name: found[name]["by_annotators"])
    return [
        f"The best of {len(found)} networks of other packages, `{best}`, scores "
        f"{percent(found[best]['by_annotators'])}% by majority labels"
    ]
