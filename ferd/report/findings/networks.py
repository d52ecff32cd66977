"""Findings on other networks than the paper's: averaged, residual, larger and distilled ones."""

from ferd.report.first_seed import first_seed
from ferd.report.model_names import ENSEMBLES
from ferd.report.number_text import compared, is_higher, percent, points, seeds_text
from ferd.report.table_one import multiply_adds, parameters
from ferd.report.tables.headline_table import FIELD

RIVALS = ("cnn", *ENSEMBLES)
HYBRIDS = {f"cnns - {name}": words for name, words in ENSEMBLES.items()}


def averaged(study):
    """The average of the CNNs' probabilities against the ensembles on one CNN."""
    found = study.metrics["seeds"]["averaged"]
    count = seeds_text(study.metrics["seeds"]["variants"]["cosine"]["detected"]["seeds"])
    alone = found["without_any_copy"]["tests"]
    name = "the average"
    title = "An average of CNNs"
    if all(is_higher(alone[pair]) for pair in HYBRIDS):
        title = "An average of CNNs beats both ensembles on faces without a copy in train"
    sentences = []
    for part, words in (
        ("without_any_copy", "the test faces without any copy"),
        ("detected", "all test faces, where copies help the ensembles"),
    ):
        tests = found[part]["tests"]
        both = "; ".join(compared(name, other, tests[pair]) for pair, other in HYBRIDS.items())
        sentences.append(f"On {words}, {both}")
    unseen = found["detected"]["tests"]["cnns - soft vote, unseen faces"]
    single = study.metrics["paired_tests"]["detected"]["soft vote, unseen faces - cnn"]
    other = "soft voting fitted on the validation fold, which the CNN was not trained on"
    return title, [
        f"The class probabilities of the CNN's {count} are averaged",
        *sentences,
        f"On all test faces, {compared(name, other, unseen)}, and "
        + compared("this voting", "the CNN", single),
    ]


def improved(study):
    """The residual network under the paper's protocol."""
    found = study.metrics["headline"]["improved"]
    tests = study.metrics["headline"]["tests"]
    network, spread = found["network"], found["spread"]
    _, *later = found["seeds"]
    keys = ["improved", *(f"improved, seed {seed}" for seed in later)]
    lead = {
        part: [tests[part][f"{key} - {other}"] for key in keys for other in RIVALS]
        for part in ("detected", "without_any_copy")
    }
    title = "A smaller residual network, `improved`"
    if all(is_higher(test) for one in lead.values() for test in one):
        title = (
            "A residual network with fewer weights beats the CNN and both ensembles with each seed"
        )
    work = network["multiply_adds"] * network["views"] / 1e6
    return title, [
        f"`improved` has {network['parameters']:,} weights (the CNN {parameters():,}) and scores "
        f"{percent(spread['mean'])}% on the paper's test faces (mean of "
        f"{seeds_text(spread['seeds'])}, SD {percent(spread['sd'], 2)} points). A face costs "
        f"{work:.0f} million multiply-adds, its {network['views']} views included (the CNN "
        f"{multiply_adds() / 1e6:.0f} million). Unlike the CNN it is trained on whole images, "
        "those without a detected face included",
        f"Its lead over the CNN, voting and stacking is {_range(lead['detected'])} points on all "
        f"test faces and {_range(lead['without_any_copy'])} on those without any copy",
        *_seed_order(found),
        compared(
            "The average of its seeds",
            "its first seed",
            tests["detected"]["improved, averaged - improved"],
        )
        + " on all test faces",
        compared(
            "Its first seed",
            "soft voting on its own features",
            tests["detected"]["improved - improved, soft vote"],
        ),
        *_framing(study),
    ]


def _range(tests):
    values = [test["difference"] for test in tests]
    return f"{points(min(values))} to {points(max(values))}"


def _seed_order(found):
    """Whether validation orders the seeds as the test set does."""
    seeds = found["seeds"]
    views = {"ten": 10, "flip": 2, "centre": 1}
    view = next(
        (name for name, count in views.items() if count == found["network"]["views"]), "ten"
    )
    best = max(seeds, key=lambda seed: seeds[seed]["validation"][view]["accuracy"])
    last = min(seeds, key=lambda seed: seeds[seed]["accuracy"])
    if best != last:
        return []
    return [
        f"The seed with the best validation accuracy ({best}) has the lowest test accuracy: "
        "validation does not rank these seeds"
    ]


def _framing(study):
    """What cutting the face out of a photo costs, as `ferd predict` does."""
    export = study.metrics.get("export/improved", {}).get("formats", {}).get("keras")
    if not export:
        return []
    return [
        "With the faces cut out as `ferd predict` does, its file in the package scores "
        f"{percent(export['test']['detected']['accuracy'])}% on the same images"
    ]


def teachers(study):
    """A larger network, and students distilled from three of it, trained on a GPU."""
    headline = study.metrics["headline"]
    gpu, tests = headline["gpu"], headline["gpu_tests"]["all"]
    wide, small = gpu["benchmark_gpu"], headline["benchmark_fer2013"]
    ratio = wide["network"]["multiply_adds"] / small["network"]["multiply_adds"]
    spread, first = wide["spread"], next(iter(wide["seeds"]))
    weakest = wide["seeds"][first]["accuracy"] == spread["least"]
    teacher = f"the teacher of its seed{', the weakest of them' if weakest else ''}"
    student = tests["distilled_gpu - benchmark_gpu"]
    mean = first_seed(gpu["distilled_gpu"])["accuracy"] - spread["mean"]
    return "A larger network, and students distilled from three trainings of it", [
        f"`benchmark_gpu` takes {ratio:.0f} times the multiply-adds of `benchmark_fer2013` and "
        f"scores {percent(spread['least'])}% to {percent(spread['most'])}% on PrivateTest "
        f"({seeds_text(spread['seeds'])}, mean {percent(spread['mean'])}%); `benchmark_fer2013` "
        f"scores {percent(first_seed(small)['accuracy'])}% (one run)",
        "`distilled_gpu`, the same network distilled from all three, is one student: "
        + compared("it", teacher, student)
        + f", and differs from the teachers' mean by {points(mean)} points",
        "`compact_gpu` is the network of `compact`, distilled from them (one run): "
        + compared("it", "`benchmark_fer2013`", tests["compact_gpu - benchmark_fer2013"])
        + ", and "
        + compared("it", "`compact`", tests["compact_gpu - compact"]),
        *_seed_order_gpu(wide),
    ]


def _seed_order_gpu(wide):
    best = max(
        wide["seeds"], key=lambda seed: wide["seeds"][seed]["validation"]["flip"]["accuracy"]
    )
    if wide["seeds"][best]["accuracy"] != wide["spread"]["least"]:
        return []
    return ["The seed with the best PublicTest accuracy has the lowest PrivateTest accuracy"]


def official(study):
    """The networks of FER2013's own split beside the first recipe and the published ones."""
    headline, first = study.metrics["headline"], study.trail[0]
    shown = [
        f"`{stage}` scores {percent(scores['accuracy'])}% on PrivateTest and "
        f"{percent(scores['validation']['flip']['accuracy'])}% on PublicTest"
        for stage in ("benchmark_fer2013", "compact")
        for scores in [first_seed(headline[stage])]
    ]
    published = [one for one in FIELD if one.accuracy > first_seed(headline["compact"])["accuracy"]]
    beyond = "; ".join(f"{one.name}, {percent(one.accuracy)}% ({one.note})" for one in published)
    return "Accuracy on FER2013's own split", [
        f"{shown[0]}; {shown[1]} (one run each). The first recipe tried has "
        f"{percent(first['validation']['flip'])}% on PublicTest",
        f"Published networks score higher: {beyond}",
        "Every recipe that was tried: [experiments.md](experiments.md)",
    ]
