"""Writes the section `peers` of results.json as Markdown."""

from ferd.study.markdown import markdown, wide

NOTHING = "-"


def peer_table(section):
    """The measured variants side by side, then the packages that could not be measured.

    Args:
        section: Section `peers` of benchmarks/results.json.

    Returns:
        Markdown.
    """
    variants = list(section["median"])
    rows = [
        [label, *(cell(section, variant) for variant in variants)] for label, cell in lines(section)
    ]
    parts = [wide(["measured", *(f"`{variant}`" for variant in variants)], rows)]
    if section["not_measured"]:
        why = [[f"`{name}`", reason] for name, reason in section["not_measured"].items()]
        parts.append(markdown(["not measured", "why"], why))
    return "\n\n".join(parts)


def lines(section):
    """`(label, function of section and variant to a cell)` of every row."""
    yield "version", fact("version")
    yield "trained on", fact("trained_on")
    yield from accuracy_lines(section["images"], section["sides"])
    yield "ms per face, one at a time", time_of("ms_per_face_at_1")
    yield "ms per face, 64 at a time", time_of("ms_per_face_at_64")
    for side in section["sides"]:
        yield f"ms per photo of {side}x{side}", photo_time(side)
    yield "import, s", time_of("import_seconds")
    yield "load, s", time_of("load_seconds")
    yield "weights, MB", megabytes


def accuracy_lines(counts, sides):
    """The rows of accuracies: counts as in the section's `images`, sides of the photos."""
    unseen = f"the {counts['unseen']:,} unseen"
    crops = f"ready crops, all {counts['private_test']:,} of PrivateTest: accuracy"
    yield crops, score_of("crops_private_test")
    yield f"ready crops, {unseen}: accuracy", with_interval("crops")
    found = f"ready crops, the {counts['unseen_found']:,} of them in which dlib finds a face"
    yield f"{found}: accuracy", score_of("crops_found")
    for side in sides:
        photo = f"photos of {side}x{side}, {unseen}: "
        yield photo + "face found", score_of(f"photo_{side}_found")
        yield photo + "ended in an error", score_of(f"photo_{side}_failed")
        yield photo + "accuracy on the found", score_of(f"photo_{side}_of_found")
        yield photo + "accuracy on all", with_interval(f"photo_{side}_of_all")


def fact(key):
    """What is known of a variant before any measurement."""
    return lambda section, name: section["facts"][name][key]


def score_of(key):
    """A fraction of 1, three digits; a dash where the variant has none."""
    return lambda section, name: fraction(section["accuracy"][name].get(key))


def with_interval(key):
    """A fraction with its 95% interval."""
    return lambda section, name: interval(section["accuracy"][name], key)


def interval(scores, key):
    """The score `key`, with its 95% interval from `<key>_low` to `<key>_high`."""
    low, high = fraction(scores[f"{key}_low"]), fraction(scores[f"{key}_high"])
    return f"{fraction(scores[key])} ({low}-{high})"


def photo_time(side):
    """The mean of the one pass that made the accuracies."""
    return lambda section, name: f"{section['ms_per_photo'][name][str(side)]:.3g}"


def time_of(key):
    """A median over the rounds, three digits."""
    return lambda section, name: f"{section['median'][name][key]:.3g}"


def megabytes(section, name):
    """The size of the files that hold the network."""
    return f"{section['median'][name]['weights_bytes'] / 1e6:.2f}"


def fraction(value):
    return NOTHING if value is None else f"{value:.3f}"
