"""The table of the accuracy of `improved` through each detector."""

from ferd.study.markdown import markdown

PARTS = {
    "detected": "a face is found",
    "not_detected": "no face is found (used whole)",
    "both_detect": "both detectors find a face",
    "all": "all",
}


def detector_table(details):
    """Markdown of metrics/details/detectors.json.

    Args:
        details: Its content.

    Returns:
        A table of the test images' accuracy, and a sentence about the train images.
    """
    detectors = details["detectors"]
    rows = [
        [words, *(cell(one["test"].get(part)) for one in detectors.values())]
        for part, words in PARTS.items()
    ]
    shares = [
        f"{name} {100 * one['train']['found'] / one['train']['images']:.1f}%"
        for name, one in detectors.items()
    ]
    heads = [f"{name}: images, accuracy in percent (95% interval)" for name in detectors]
    train = f"Train images in which a face is found: {', '.join(shares)}."
    return f"{markdown(['test images in which', *heads], rows)}\n\n{train}"


def cell(scores):
    """Number of images, accuracy and its interval."""
    if scores is None:
        return "0"
    accuracy, low, high = (100 * scores[key] for key in ("accuracy", "low", "high"))
    return f"{scores['faces']:,}: {accuracy:.1f} ({low:.1f} to {high:.1f})"
