"""The error of data that cannot be used, and the limit of a file's bytes."""

MAX_TABLE_BYTES = 1 << 30  # fer2013.csv has 0.3e9
MAX_IMAGE_BYTES = 50_000_000
LONGEST = 1000  # characters of a message; a name in a zip may have 65,535


class ArchiveError(SystemExit):
    """Data that cannot be used. As a SystemExit it ends a stage with its message and status 1."""

    def __init__(self, message):
        # A name in the message may hold line breaks, codes for the terminal or half a character.
        text = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in message)
        if len(text) > LONGEST:
            text = f"{text[: LONGEST // 2]} ... {text[-LONGEST // 2 :]}"
        super().__init__(text)


def refuse_huge(name, size):
    """Raises an `ArchiveError` if a file has too many bytes for an image, or for a table.

    Args:
        name: Its name; a table's ends in .csv.
        size: In bytes.
    """
    limit = MAX_TABLE_BYTES if str(name).lower().endswith(".csv") else MAX_IMAGE_BYTES
    if size > limit:
        raise ArchiveError(f"{name}: has {size:,} bytes, too many for an image or a table; drop it")
