"""The finding on the paper's three accuracies, beside those by both kinds of settings."""

from statistics import mean

from ferd.report.number_text import percent, seeds_text
from ferd.report.results.results_tables import LETTER, OURS, scores_of

# Largest difference, two intervals of the paper's scores, that counts as reproduced.
CLOSE = 0.025
# The parts of the paper's chain, and how docs/results.md calls them by both kinds of settings.
MODELS = {
    "cnn": (LETTER, OURS),
    "voting": ("voting to the letter", "voting, our recipe"),
    "stacking": ("stacking to the letter", "stacking, our recipe"),
}


def accuracies(study):
    """The accuracies of the CNN, of voting and of stacking.

    Returns:
        Dict of part to a dict of `paper`, `letter` and `recipe`: fractions, means over the seeds.

    Raises:
        KeyError: If one of them has not run.
    """
    found = {}
    for part, names in MODELS.items():
        runs = [scores_of(study.metrics, name) for name in names]
        if not all(runs):
            raise KeyError(part)
        letter, recipe = (mean(one["accuracy"] for one in some) for some in runs)
        paper = study.compared[part]["accuracy"]["paper"]
        found[part] = {"paper": paper, "letter": letter, "recipe": recipe}
    return found


def seeds_of(study):
    """How many runs are behind the figures of `accuracies`, as text."""
    counts = [len(scores_of(study.metrics, name)) for names in MODELS.values() for name in names]
    least, most = min(counts), max(counts)
    return seeds_text(most) if least == most else f"means of {least} to {most} seeds"


def reproduced_title(found):
    """The title of the finding on the paper's accuracies, from `accuracies`."""
    most = {
        kind: max(abs(one[kind] - one["paper"]) for one in found.values())
        for kind in ("letter", "recipe")
    }
    for kind, words in (("letter", "its own settings"), ("recipe", "our recipe")):
        if most[kind] < CLOSE:
            return (
                f"By {words}, the paper's accuracies are reproduced within "
                f"{percent(most[kind])} points"
            )
    return "The paper's accuracies and those measured here"


def reproduced(study):
    """The paper's three accuracies beside ours."""
    found = accuracies(study)
    figures = [
        f"{words} {percent(one['letter'])}% to the letter and {percent(one['recipe'])}% by our "
        f"recipe (paper {percent(one['paper'])}%)"
        for words, one in zip(("CNN", "soft voting", "stacking"), found.values(), strict=True)
    ]
    return reproduced_title(found), [
        f"{'; '.join(figures)}; {seeds_of(study)}",
        "Which test images differ from the paper's: [reproduction.md](reproduction.md)",
    ]
