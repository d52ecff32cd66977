"""Recognizes the files that cameras, phones and programs store beside photos and videos."""

import os
from collections.abc import Mapping

# fmt: off
SUFFIXES = frozenset({
    ".aae", ".dop", ".pp3", ".xmp",  # edits: Apple, DxO, RawTherapee, Adobe and others
    ".json",  # Google Takeout
    ".xml", ".srt",  # of videos: Sony, DJI
    ".lrv", ".thm",  # small previews of videos: GoPro, Canon and others
    ".ini", ".txt",
})
# fmt: on
NAMES = {
    name.casefold(): name for name in ("Thumbs.db", "ehthumbs.db", "ZbThumbnail.info", "Icon\r")
}


def kind_of(name: str) -> str | None:
    """Names the kind of such a file by its name; no photo and no video is read under it.

    Args:
        name: The file's name, without its folder.

    Returns:
        Its ending in small letters, or its name; None of any other file.
    """
    suffix = os.path.splitext(name)[1].lower()
    return suffix if suffix in SUFFIXES else NAMES.get(name.casefold())


def passed_over(kinds: Mapping[str, int]) -> str:
    """Formats how many files of which kinds are passed over, as one line for standard error.

    Args:
        kinds: Number of files by kind, at least one.
    """
    total = sum(kinds.values())
    ordered = sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0]))
    words = ", ".join(f"{count:,} {kind.strip()}" for kind, count in ordered)
    files = "file that accompanies" if total == 1 else "files that accompany"
    return f"ferd: passed over {total:,} {files} photos and videos: {words}"
