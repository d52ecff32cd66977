"""The table of darkened faces, with and without stretching."""

from ferd.study.markdown import markdown


def dark_block(section):
    """Markdown of the section `dark` of benchmarks/results.json: two tables and what they are of.

    Args:
        section: Its content.
    """
    faces = (
        f"Accuracy of the network `improved` on {section['faces']:,} images that were drawn from "
        "its validation fold and darkened. Stretching is done only where a face is very dark. All "
        "numbers are percent."
    )
    few = (
        f"The first {section['fewer']:,} of them, with `annotators` and `compact`. These two "
        "networks were trained on the images, so no accuracy is given, but how many predictions "
        "are the same as at full brightness. The detector `fast` searches the enlarged images for "
        "faces."
    )
    accuracy = [
        [name, row["stretched"], row["ferd"], row["ferd_stretched"]]
        for name, row in section["rows"].items()
    ]
    others = [
        [name, *(f"{row[key]:.1f}, {row[f'{key}_stretched']:.1f}" for key in KEYS)]
        for name, row in section["rows"].items()
    ]
    first = markdown(
        ["brightness", "very dark images", "accuracy without stretching", "accuracy with it"],
        [[name, *(f"{value:.1f}" for value in values)] for name, *values in accuracy],
    )
    second = markdown(
        [
            "brightness",
            "same predictions of `annotators`: without stretching, with it",
            "same predictions of `compact`: without stretching, with it",
            "a face is found: without stretching, with it",
        ],
        others,
    )
    return f"{faces}\n\n{first}\n\n{few}\n\n{second}"


KEYS = ("annotators", "compact", "found")
