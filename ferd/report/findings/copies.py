"""Findings on copies of test images among the training images, and on test images seen earlier."""

from ferd.report.first_seed import first_seed
from ferd.report.model_names import AGAINST_CNN
from ferd.report.number_text import (
    both_compared,
    compared,
    is_higher,
    p_text,
    percent,
    points,
    seeds_text,
)


def ensembles(study):
    """The paper's ensembles against its CNN, on test faces with a copy in train and without."""
    tests, faces = study.metrics["paired_tests"], study.metrics["evaluate"]["models"]["cnn"]
    copied, alone = tests["with_copy"], tests["without_any_copy"]
    gained = all(is_higher(copied[pair]) for pair in AGAINST_CNN)
    kept = any(is_higher(alone[pair]) for pair in AGAINST_CNN)
    title = "The ensembles, with copies and without"
    if gained and not kept:
        title = "The ensembles' gain over the CNN comes from copies"
    single = compared("Extra Trees alone", "the CNN", tests["detected"]["et on features - cnn"])
    refit = tests["detected"]["soft vote, no copies - cnn"]
    return title, [
        f"On the {faces['with_copy']['faces']:,} test faces with an exact or near copy in train, "
        + _both(copied),
        f"On the {faces['without_any_copy']['faces']:,} test faces without any copy, "
        + _both(alone),
        f"On all test faces, {single}",
        "Fitted without the copies on features of the same CNN, "
        + compared("soft voting", "the CNN", refit),
        "One run each",
    ]


def _both(tests):
    pairs = [tests[pair] for pair in AGAINST_CNN]
    return both_compared(list(AGAINST_CNN.values()), "the CNN", pairs)


def private_test(study):
    """`compact` with and without the training images that have a copy in PrivateTest."""
    copies = study.metrics["headline"]["copies"]
    tests = {part: next(iter(pairs.values())) for part, pairs in copies["tests"].items()}
    _, copy_free = next(iter(copies["tests"]["all"])).split(" - ")
    names = "`compact`", "`compact` trained without them"
    title = "PrivateTest with copies and without"
    if is_higher(tests["all"]):
        title = "Copies raise the PrivateTest score of `compact`, the one network tested for this"
    counts = [copies["compact"][part]["faces"] for part in ("with_copy", "without_copy")]
    return title, [
        "PrivateTest holds copies of Training images. `compact` was trained a second time, from "
        "the same seed, without the images that have a copy there "
        f"({copies[copy_free]['train_faces']:,} of "
        f"{copies['compact']['train_faces']:,} images are left)",
        f"On all of PrivateTest, {compared(*names, tests['all'])}; on its {counts[0]:,} images "
        f"with a copy, {compared(*names, tests['with_copy'])}; on the other {counts[1]:,}, "
        + compared(*names, tests["without_copy"]),
        "This is one network and one pair of runs; published scores come from the same images, "
        "but how much copies raise them is not measured here",
    ]


def search(study):
    """Which test images of the paper's split the recipes were chosen with."""
    found = study.metrics["headline"]["search"]
    rows, scores = [], {}
    for part, words in (("seen", "are in Training"), ("unseen", "are not")):
        cnn = first_seed(found[part]["cnn"])
        ours = found[part]["improved"]
        first = first_seed(ours)["accuracy"]
        mean = ours.get("spread", {"mean": first, "seeds": 1})
        lead = found[part]["tests"]["improved - cnn"]
        scores[part] = cnn["accuracy"], mean["mean"]
        rows.append(
            f"On the {cnn['faces']:,} detected test faces that {words}, the CNN (one run) scores "
            f"{percent(cnn['accuracy'])}% and `improved` {percent(mean['mean'])}% "
            f"({seeds_text(mean['seeds'])}; its first seed leads the CNN by "
            f"{points(lead['difference'])} points, {p_text(lead['p_holm'])})"
        )
    most = max(abs(one - other) for one, other in zip(*scores.values(), strict=True))
    return "Recipes were chosen on networks trained on part of the paper's test images", [
        f"The run `search` trains on FER2013's Training, which holds {found['in_training']:,} "
        f"of the {found['test_images']:,} test images of the paper's split; the networks scored "
        "on that split were not trained on its test images",
        *rows,
        f"The scores on the two parts differ by {percent(most)} points at most",
    ]


def scored_often(study):
    """How many recipes were scored on PrivateTest; for a study that scores networks on it."""
    study.metrics["headline"]
    rows = [row for row in study.trail if "device" not in row]
    scored = [row for row in rows if row["private_test"]]
    on_gpu = [row for row in study.trail if "device" in row and row["private_test"]]
    title = "How often PrivateTest was scored"
    if len(scored) + len(on_gpu) > 1:
        title = "PrivateTest was scored more than once"
    return title, [
        f"{len(scored)} of the {len(rows)} recipes tried on a CPU and {len(on_gpu)} of the "
        f"{len(study.trail) - len(rows)} trainings on a GPU were scored on it. Only PublicTest "
        "scores decided between them, but earlier PrivateTest scores were known when later "
        "recipes were tried",
    ]
