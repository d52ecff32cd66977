"""The table of darkened faces, with and without stretching."""

from ferd.study.markdown import markdown


def dark_block(section):
    """Markdown of the section `dark` of benchmarks/results.json: two tables and what they are of.

    Args:
        section: Its content.
    """
    faces = (
        f"{section['faces']:,} images drawn from the validation fold and darkened. All numbers are "
        "percent."
    )
    few = (
        f"The first {section['fewer']:,} of them. Same predictions: as at full brightness, because "
        "these two networks were trained on these images. Faces are searched by the detector fast "
        "in the enlarged images."
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
        ["brightness", "very dark, stretched", "accuracy as it is", "accuracy with stretching"],
        [[name, *(f"{value:.1f}" for value in values)] for name, *values in accuracy],
    )
    second = markdown(
        [
            "brightness",
            "same predictions of annotators: as it is, with stretching",
            "same predictions of compact: as it is, with stretching",
            "a face is found: as it is, with stretching",
        ],
        others,
    )
    return f"{faces}\n\n{first}\n\n{few}\n\n{second}"


KEYS = ("annotators", "compact", "found")
