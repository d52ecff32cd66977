"""Defines the options of `ferd predict` that concern videos and cameras."""

from ferd.commands.option_values import positive, whole


def add_video(parser):
    """Adds the options to a group of `ferd predict`."""
    thinning = parser.add_mutually_exclusive_group()
    thinning.add_argument(
        "--every",
        type=whole,
        default=1,
        metavar="N",
        help="predict every Nth frame of a video or camera, from the first (default: every frame)",
    )
    thinning.add_argument(
        "--fps",
        type=positive,
        metavar="N",
        help="predict at most N frames per second of a video or camera, such as 5 or 0.5",
    )
    parser.add_argument(
        "--smooth",
        type=positive,
        metavar="SECONDS",
        help="average each face's probabilities over time (exponential moving average over its "
        "track): a frame that is SECONDS old weighs 1/e of a new one (default: no average)",
    )
    parser.add_argument(
        "--detect-every",
        type=whole,
        metavar="N",
        help="search for faces in every Nth predicted frame of a video; between these frames the "
        "boxes move on a straight line. More frames are searched where a face appears, disappears "
        "or moves far, and at a scene cut (default: the largest N with at least 8 searches per "
        "second; with a camera 1)",
    )
