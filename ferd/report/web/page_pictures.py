"""Embeds pictures into the HTML of a page, so that the page is one file."""

import base64
from html import escape
from pathlib import Path

import cv2


def figure(path, title, description):
    """HTML of a figure with its picture inside.

    Args:
        path: A PNG file.
        title: Its caption.
        description: Alternative text.
    """
    return _framed(Path(path).read_bytes(), title, description)


def face(image, caption, description):
    """HTML of a small image with a caption.

    Args:
        image: uint8, shape `(height, width)`.
        caption, description: As in `figure`.
    """
    _, content = cv2.imencode(".png", image)
    return _framed(content.tobytes(), caption, description)


def _framed(content, caption, description):
    """HTML of a figure that holds the bytes of a PNG file."""
    source = "data:image/png;base64," + base64.b64encode(content).decode("ascii")
    return (
        f'<figure><img src="{source}" alt="{escape(description)}" loading="lazy">'
        f"<figcaption>{escape(caption)}</figcaption></figure>"
    )
