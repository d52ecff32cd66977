"""Defines the options of `ferd predict` that concern videos and cameras."""

from ferd.cli.numbers import positive, whole


def add_video(parser):
    """Adds the options to the parser of `ferd predict`."""
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
        help="average the probabilities of each track over time (exponential moving average): a "
        "frame that is SECONDS old weighs 1/e of a new one (default: no average)",
    )
    parser.add_argument(
        "--detect-every",
        type=whole,
        metavar="N",
        help="search faces in every Nth predicted frame of a video and carry their boxes over the "
        "frames between; these are searched, too, where a face appears, disappears or moves far, "
        "and at a scene cut (default: the largest N with 8 searches per second; with a camera 1)",
    )
