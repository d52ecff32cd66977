"""Decodes one image of the data set to 8-bit gray, or raises a one-line reason."""

from ferd.imaging.images import BadImage


def read_gray(content, name, max_pixels):
    """Decodes a JPEG, PNG, BMP or WebP file as `ferd predict` does, and makes it gray.

    Args:
        content: The file's bytes.
        name: The file's name, for the messages.
        max_pixels: Most pixels (width times height) that are decoded.

    Returns:
        uint8 array of shape `(height, width)`.

    Raises:
        BadImage: If the file is empty, no image, cut off, damaged or too big.
    """
    import cv2

    from ferd.decoding.pictures import STUDY_KINDS, decode

    try:
        pixels = decode(content, max_pixels, STUDY_KINDS).pixels
    except BadImage as error:
        reason = str(error).replace("--max-pixels", "fetch.max_pixels")
        raise BadImage(f"{name}: {reason}") from error
    return cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
