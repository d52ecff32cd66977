"""Writes the findings in words: every figure and every verdict follows from metrics/."""

import json
import textwrap
from pathlib import Path
from typing import NamedTuple

from ferd.report.comparison import compare
from ferd.report.findings import accuracy, annotators, copies, letter, networks, paper
from ferd.study.details import read_costs, read_details

FINDINGS = (
    accuracy.reproduced,
    letter.letter,
    copies.ensembles,
    annotators.gain,
    annotators.ensembles,
    annotators.labels,
    copies.private_test,
    copies.search,
    copies.scored_often,
    networks.averaged,
    paper.cropping,
    paper.cbam,
    paper.smote,
    paper.augmentation,
    paper.cross_validation,
    networks.improved,
    networks.teachers,
    networks.official,
)
WIDTH = 110
NOTE = "Written by `python -m ferd.report` from metrics/: do not edit."
TERMS = (
    "Point: one percentage point of accuracy.",
    '"Cannot be told apart": a p-value of 0.05 or more. On the same faces it is from an exact '
    "McNemar test with Holm's correction, between means over seeds from Welch's test.",
    "Copy: a training image that shows the same picture as a test image. It is exact, nearly the "
    "same (near copy), or shifted by some pixels or mirrored (shifted copy).",
    "Annotators: the ten of FER+, who labelled FER2013's images again. A face is clear if more "
    "than half of them chose the same class, its majority label.",
    "To the letter: the paper's network trained as the paper says. Our recipe: the same network "
    "trained with other settings ([results.md](results.md)). The CNN, soft voting and stacking are "
    "those of our recipe where nothing else is said.",
    "Prior-matched: the predictions are re-weighted by class, so that the mean probability of each "
    "class is its share among annotators' majority labels of training faces. By counts: so that "
    "the share of faces predicted as the class is that share.",
    "Training, PublicTest and PrivateTest: the training, validation and test part of FER2013's own "
    "split. The paper uses another split.",
    "Views: the windows and mirror images of a face whose predictions are averaged at test.",
    "Names in code type, such as `improved`: runs, stages and settings, in `dvc.yaml` and "
    "`params.yaml`. `compact` is a run; the network of `ferd predict --model compact` is another "
    "run, `compact_gpu`.",
)


class Study(NamedTuple):
    """What a finding may take its figures from.

    Args:
        metrics: From `ferd.study.details.read_details`.
        compared: From `ferd.report.comparison.compare`.
        costs: From `ferd.study.details.read_costs`.
        trail: Rows of docs/trail.json.
    """

    metrics: dict
    compared: dict
    costs: dict
    trail: list


def findings(study, chosen=FINDINGS):
    """The findings whose figures are there.

    Args:
        study: `Study`.
        chosen: Functions of a study that give a title and a list of sentences without their end.

    Returns:
        List of Markdown bullets.
    """
    found = []
    for finding in chosen:
        try:
            title, sentences = finding(study)
        except KeyError:
            # Part of the study, or a small data set, lacks stages, seeds or parts of the test set.
            continue
        found.append(bullet(title, sentences))
    return found


def bullet(title, sentences):
    """One Markdown bullet: the title in bold, then the sentences."""
    text = " ".join(f"{sentence[0].upper()}{sentence[1:]}." for sentence in sentences)
    lines = textwrap.wrap(
        f"**{title}.** {text}", WIDTH - 2, break_long_words=False, break_on_hyphens=False
    )
    return "- " + "\n  ".join(lines)


def read_study(partial=False):
    """Reads the results of the study in the current folder.

    Args:
        partial: As in `ferd.study.details.read_details`.

    Returns:
        `Study`.
    """
    details = read_details(partial)
    return Study(details, compare(details), read_costs(partial), read_trail())


def read_trail(path="docs/trail.json"):
    """The rows of docs/trail.json."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def findings_document(study):
    """docs/findings.md.

    Args:
        study: `Study`.
    """
    tables = "Tables: [results.md](results.md), [tables.md](tables.md) and [report.md](report.md)."
    parts = ["# Findings", NOTE, tables, "## Terms", terms()]
    return "\n\n".join([*parts, "## What was found", "\n".join(findings(study))]) + "\n"


def terms():
    """Markdown: the words of the findings that need an explanation."""
    return "\n".join(f"- {term}" for term in TERMS)
