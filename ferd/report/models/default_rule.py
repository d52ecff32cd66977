"""Tables and sentences on the choice of the package's default network."""

from ferd.report.models.label_kinds import KINDS, heads
from ferd.report.number_text import percent, points
from ferd.study.markdown import markdown

CANDIDATES = {"mean": "the mean of `compact` and `annotators`"}


def packaged(candidate, choice):
    """The name in the package of a candidate for the default."""
    return "general" if candidate == choice["general"] else candidate


def rule_table(choice):
    """The four numbers of each candidate on PublicTest and their mean."""
    rows = []
    for name, scores in choice["candidates"].items():
        row = [called(name)]
        for kind in KINDS:
            row += [percent(scores[kind][key]) for key in ("accuracy", "balanced_accuracy")]
        rows.append([*row, percent(choice["scores"][name])])
    return markdown(["on PublicTest", *heads(), "score: mean of the four, %"], rows)


def called(candidate):
    """A candidate's name in sentences and tables."""
    return CANDIDATES.get(candidate, f"`{candidate}`")


def rule_sentence(choice):
    """The differences of the best candidate to the others, and what follows."""
    best, default = choice["best"], choice["default"]
    leads = [
        f"{points(one['difference'])} points ({points(one['low'])} to {points(one['high'])}) over "
        f"{called(name)}"
        for name, one in choice["differences"].items()
    ]
    first = called(best)
    chosen = f"The default is therefore {called(default)}"
    if best != default:
        chosen += ", a single network, because the interval of its difference includes 0"
    if default == choice["general"]:
        chosen += ". It is packaged as `general`"
    return (
        f"{first[0].upper()}{first[1:]} has the highest score: {', '.join(leads[:-1])} and "
        f"{leads[-1]} (95% bootstrap intervals over groups of copies). {chosen}."
    )


def copies_sentence(choice):
    """What the rule chooses on the faces without an exact or near copy in Training."""
    other = choice["without_copy"]
    same = other["default"] == choice["default"]
    chosen = "chooses the same" if same else f"would choose {called(other['default'])} instead"
    return (
        f"On the {other['faces']:,} faces of PublicTest without an exact or near copy in Training "
        f"the rule {chosen}."
    )
