"""Findings on the paper's choices: cropping, CBAM, SMOTE, augmentation, cross-validation."""

from ferd.report.model_names import ENSEMBLES
from ferd.report.number_text import (
    both_compared,
    compared,
    is_clear,
    is_lower,
    percent,
    points,
    seeds_text,
)
from ferd.scoring.claim_list import ALL_AUGMENTED

PARTS = (("detected", "all test faces"), ("without_any_copy", "those without any copy in train"))
WHOLE_AND_CROPS = ("the CNN on whole images", "the CNN on crops")


def _by_seeds(study, stage, name, cnn="the CNN"):
    """A sentence: a network against the CNN over seeds, on all test faces and without copies."""
    seeds = study.metrics["seeds"]
    count = seeds_text(seeds["variants"][stage]["detected"]["seeds"])
    tests = seeds["against_cnn"][stage]
    found = "; on ".join(f"{words}, {compared(name, cnn, tests[part])}" for part, words in PARTS)
    return f"On {found} (Welch's test, {count} each)"


def cropping(study):
    """Crops against whole images."""
    models = study.metrics["evaluate"]["models"]
    whole, tests = models["cnn, whole images"], study.metrics["seeds"]["against_cnn"]
    easier = whole["detected"]["accuracy"] - whole["all"]["accuracy"]
    other = tests["cosine_uncropped"]["detected"]
    title = "What cropping is worth"
    if easier > 0 and not is_lower(other):
        title = "Cropping makes the test set easier, not the network better"
    return title, [
        _by_seeds(study, "cosine_uncropped", *WHOLE_AND_CROPS),
        f"The CNN on whole images scores {percent(easier)} points more on the images in which "
        "dlib finds a face than on all test images (one run)",
        *_whole_by_annotators(study),
    ]


def _whole_by_annotators(study):
    seeds = study.metrics.get("agreement", {}).get("detected", {}).get("seeds")
    if not seeds or "cnn, whole images - cnn" not in seeds["annotators"]:
        return []
    plain, matched = (
        compared(*WHOLE_AND_CROPS, seeds[truth]["cnn, whole images - cnn"], "p")
        for truth in ("annotators", "annotators_matched")
    )
    return [f"By annotators' majority labels, {plain}; prior-matched, {matched}"]


def cbam(study):
    """The attention module."""
    variants = study.metrics["seeds"]["variants"]
    spread, plain = (variants[stage]["detected"] for stage in ("cosine_cbam", "cosine"))
    single = study.metrics["paired_tests"]["detected"]["cnn, CBAM - cnn"]
    test = study.metrics["seeds"]["against_cnn"]["cosine_cbam"]["detected"]
    title = "CBAM" if is_clear(test) else "CBAM has no effect on accuracy that could be detected"
    return title, [
        _by_seeds(study, "cosine_cbam", "the CNN with CBAM"),
        f"Its SD over seeds is {percent(spread['sd'], 2)} points, the CNN's "
        f"{percent(plain['sd'], 2)}{_largest_spread(study, spread['sd'])}. Its lowest seed has "
        f"{percent(spread['least'])}%, its highest {percent(spread['most'])}%; on the first "
        f"seed alone it differs from the CNN by {points(single['difference'])} points",
        *_time(study.costs),
    ]


def _largest_spread(study, value):
    """Where another network's seeds differ more."""
    wide = study.metrics.get("headline", {}).get("gpu", {}).get("benchmark_gpu", {}).get("spread")
    if not wide or wide["sd"] <= value:
        return ""
    return f" (on PrivateTest `benchmark_gpu` has a larger one, {percent(wide['sd'], 2)})"


def _time(costs):
    runs = {
        stage: [
            cost["training_seconds"] / cost["epochs"]
            for name, cost in costs.items()
            if name == stage or name.startswith(f"replicate/{stage}_")
        ]
        for stage in ("cosine_cbam", "cosine")
    }
    if not all(runs.values()):
        return []
    shown = [f"{min(found):.0f} to {max(found):.0f} s" for found in runs.values()]
    return [f"An epoch took {shown[0]} with CBAM and {shown[1]} without"]


def smote(study):
    """SMOTE's effect on accuracy and on each class."""
    tests = study.metrics["paired_tests"]["detected"]
    claims = study.metrics["claims"]
    accuracy = both_compared(
        [f"{words} with SMOTE" for words in ENSEMBLES.values()],
        "the same without",
        [tests[f"{name} - {name}, no SMOTE"] for name in ENSEMBLES],
    )
    families = {"By our recipe": "cosine", "To the letter": "letter"}
    found = {words: _recalls(claims.get(family, {})) for words, family in families.items()}
    title = "SMOTE"
    clear = is_clear(tests["soft vote - soft vote, no SMOTE"])
    if found["By our recipe"][0].get("soft voting") and not clear:
        title = "Under voting, SMOTE changes the recall of single classes, not the accuracy"
    listed = [
        f"{words} ({count}): "
        + "; ".join(f"under {name}, {', '.join(one) or 'no class'}" for name, one in moved.items())
        for words, (moved, count) in found.items()
        if moved
    ]
    return title, [
        f"By our recipe (one run), on all test faces, {accuracy}",
        "SMOTE changes these recalls significantly, in points (exact test over groups of copies, "
        f"Holm's correction over the classes). {'. '.join(listed)}",
    ]


def _recalls(family):
    """Dict of ensemble to the classes whose recall SMOTE changes, and the number of seeds."""
    found = family.get("detected", {}).get("recalls", {})
    pairs = {words: found.get(f"{name} - {name}, no SMOTE") for name, words in ENSEMBLES.items()}
    if not all(pairs.values()):
        return {}, ""
    moved = {
        words: [
            f"{label} {points(one['difference'])}"
            for label, one in classes.items()
            if is_clear(one, "p_faces_holm")
        ]
        for words, classes in pairs.items()
    }
    return moved, seeds_text(next(iter(pairs["soft voting"].values()))["first_seeds"])


def augmentation(study):
    """Differential augmentation, and why it fails."""
    sentences = [_by_seeds(study, "cosine_augment", "the CNN with differential augmentation")]
    look = study.metrics["ablation_augment_look"]
    if "cosine" in look:
        ours, plain = (
            percent(look[stage]["strong"]["others_called_rare"], 0)
            for stage in ("cosine_augment", "cosine")
        )
        sentences.append(
            "Only the rare classes are augmented strongly, so the network learns the augmentation "
            "artefacts as a sign of these classes: on test faces of the other classes, changed by "
            f"the same strong augmentation, it predicts a rare class on {ours}%, the CNN on "
            f"{plain}%"
        )
    sentences += _letters_augmentation(study.metrics["claims"].get("letter", {}))
    test = study.metrics["seeds"]["against_cnn"]["cosine_augment"]["detected"]
    title = "Differential augmentation"
    if is_lower(test):
        title = "Differential augmentation lowers accuracy"
    return title, sentences


def _letters_augmentation(letter):
    """The same to the letter, and with the stronger augmentation of all classes."""
    found = letter.get("detected", {})
    claim = found.get("claims", {}).get("cnn, differential augmentation - cnn")
    control = found.get("choices", {}).get(f"{ALL_AUGMENTED} - cnn")
    if not claim or not control:
        return []
    rare, everything = (
        f"{compared(f'the CNN with {name}', 'the CNN', test, 'p_faces_holm')}"
        f" ({seeds_text(test['first_seeds'])})"
        for name, test in (
            ("differential augmentation", claim),
            ("the stronger augmentation of all classes alike", control),
        )
    )
    return [f"To the letter, {rare}; as a control, {everything}"]


def cross_validation(study):
    """Cross-validated scores of the ensembles against their test scores."""
    metrics = study.metrics
    pairs = {
        "soft voting": metrics["cosine_voting"]["soft"],
        "stacking": metrics["cosine_stacking"]["stack"],
    }
    shown = [
        f"{name} scores {percent(one['cross_validated']['accuracy'])}% in cross-validation and "
        f"{percent(one['accuracy'])}% on the test faces"
        for name, one in pairs.items()
    ]
    unseen = metrics["cosine_unseen"]["unseen_soft"]
    inside, outside = unseen["cross_validated"]["accuracy"], unseen["accuracy"]
    title = "Cross-validated scores of the ensembles"
    if all(one["cross_validated"]["accuracy"] > one["accuracy"] for one in pairs.values()):
        title = "Cross-validated scores of the ensembles are too high"
    return title, [
        f"{', '.join(shown)}",
        "The ensembles are fitted on features of the faces that the CNN was trained on",
        "Fitted on faces that the CNN was not trained on, soft voting scores "
        f"{percent(inside)}% in cross-validation and {percent(outside)}% on the test faces (one "
        "run)",
    ]
