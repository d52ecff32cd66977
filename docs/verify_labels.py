"""What the sections on annotators and on limits of docs/results.md must say."""

import numpy as np
from verify_facts import (
    CLAIMS,
    CLASSES,
    COLUMNS,
    DRAWN,
    FAMILIES,
    FLIPPED,
    MAJORITY,
    PAIRS,
    PAPER_SET,
    PRIVATE,
    PRIVATE_TEST,
    SAME_DISGUST,
    SPOKEN,
    TRAINING,
)
from verify_methods import by_counts, by_probabilities, holm, sign_flip


def annotators_section(study, clear, right):
    """Accuracies by each label on the clear faces, and what is left of two leads."""
    head = ["network", "test set (faces)", "by FER2013's labels, %", "by majority labels, %"]
    head += ["matched by probabilities, %", "matched by counts, %"]
    rows = {}
    for part, label in (("paper", "the paper's ({:,})"), ("private", "PrivateTest ({:,})")):
        for name, found in right[part].items():
            if name not in FLIPPED and len(found):
                means = 100 * found.mean(axis=(0, 2))
                rows[name] = [(label, len(clear[part])), *(("{:.2f}", one) for one in means)]
    paper, private = right["paper"], right["private"]
    label, _, _, counts = 100 * (
        paper["`improved`"].mean(axis=(0, 2)) - paper["CNN, our recipe"].mean(axis=(0, 2))
    )
    kept = compared("`improved`", "CNN, our recipe", paper, PAIRS, clear["paper"])
    pairs = [tuple(PRIVATE_TEST)[:2], *(("`compact_ferplus`", one) for one in list(private)[:2])]
    votes = compared("`compact_ferplus`", "`compact`", private, pairs, clear["private"])
    sentences = [
        (
            "the accuracy changes by {:+.2f} points by FER2013's labels, and by {:+.2f} points by "
            "majority labels matched by counts (means over seeds)",
            *(label, counts),
        ),
        kept,
        votes,
    ]
    return [(head, rows)], sentences


def clear_faces(study):
    """The facts of the clear faces of both test sets."""
    clear = study.facts[study.facts["ferplus"].isin(CLASSES)].sort_index()
    clear = clear[clear["ferplus_votes"] >= MAJORITY]
    return {
        **{"paper": clear[clear["test"] & (clear["found"] == 1)]},
        **{"private": clear[clear["row"] >= PRIVATE], "train": clear[~clear["test"]]},
        "training": clear[clear["row"] < TRAINING],
    }


def right_by_labels(study, clear):
    """By test set and network: what each seed has right by each label, `(seeds, 4, faces)`."""
    found = {}
    for part, train, runs in (
        ("paper", "train", PAPER_SET | FLIPPED),
        ("private", "training", PRIVATE_TEST),
    ):
        shares = clear[train]["ferplus"].value_counts(normalize=True)[list(CLASSES)].to_numpy()
        majority = clear[part]["ferplus"].to_numpy()
        found[part] = {}
        for name, run in runs.items():
            seeds = []
            for table in study.tables(run, clear[part].index):
                matched = [
                    np.array(CLASSES)[match(table[COLUMNS].to_numpy(), shares)] == majority
                    for match in (by_probabilities, by_counts)
                ]
                own = table["predicted"].to_numpy()
                seeds.append([own == table["actual"], own == majority, *matched])
            found[part][name] = np.array(seeds, float)
    return found


def compared(first, second, right, pairs, faces):
    """The sentence on two networks' first seeds, by majority labels matched by counts."""
    counted = {name: found[0, 3] for name, found in right.items() if len(found)}
    changes = {
        (one, other): counted[one] - counted[other]
        for one, other in pairs
        if {one, other} <= set(counted)
    }
    groups = faces["copy_group"]
    p = holm({pair: sign_flip(change, groups) for pair, change in changes.items()})[first, second]
    difference = 100 * changes[first, second].mean()
    second = SPOKEN.get(second, second)
    text = f"{first} and {second} cannot be told apart"
    if p < 0.05 and difference:
        text = f"{first} scores {'higher' if difference > 0 else 'lower'} than {second}"
    if p < 0.0001:
        return text + " ({:+.1f} points, p < {})", difference, 0.0001
    # Two digits, but never 0.05 for what is above or below it.
    form = "{:.4f}" if float(f"{p:.2g}") == 0.05 else "{:.2g}"
    return text + " ({:+.1f} points, p = " + form + ")", difference, p


def limits_section(study, clear):
    """What of the limits follows from the test predictions and the facts."""
    test = study.facts[study.facts["test"]]
    other = test["class"].isin(DRAWN).sum() - SAME_DISGUST
    right, classes = study.right("cosine")[0], study.faces["class"]
    drawn = [right[classes == name] for name in DRAWN]
    deviation = np.sqrt(sum(len(one) * one.mean() * (1 - one.mean()) for one in drawn)) / len(right)
    faces = clear["paper"]
    differ = (faces["ferplus"] != faces["class"]).mean()
    sentences = [
        (
            "at most {:,} of the {:,} test images ({:.0f}%) differ from the paper's",
            *(other, len(test), 100 * other / len(test)),
        ),
        ("the {}% interval of its accuracy would be ±{:.1f} points", 95, 100 * 1.96 * deviation),
        ("On the {:,} test faces with a majority label", len(faces)),
        ("FER2013's label is another one for {:.1f}%", 100 * differ),
        (
            "a single annotator chooses the majority label for {:.1f}%",
            10 * faces["ferplus_votes"].mean(),
        ),
    ]
    letter = FAMILIES["to the letter"]
    there = {model for model, run in letter.items() if len(study.tables(run))}
    if not any({claim.first, claim.second} <= there for claim in CLAIMS):
        sentences.append(("None of the {} claims was tested", len(CLAIMS)))
    return [], sentences
