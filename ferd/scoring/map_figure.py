"""Draws an attention map over a face."""

from pathlib import Path

import cv2
import numpy as np

ZOOM = 6


def draw_map(face, attention, path):
    """Writes a PNG with the face, and the face with its map over it.

    Args:
        face: Gray levels, shape `(size, size)`.
        attention: Shape `(side, side)`, not negative.
        path: Its folder is created if it is missing.

    Raises:
        OSError: If the file cannot be written.
    """
    grey = np.clip(face, 0, 255).astype(np.uint8)
    size = (grey.shape[1] * ZOOM, grey.shape[0] * ZOOM)
    plain = cv2.cvtColor(cv2.resize(grey, size), cv2.COLOR_GRAY2BGR)
    strength = cv2.resize(np.asarray(attention, "float32"), size, interpolation=cv2.INTER_CUBIC)
    strength = np.clip(strength / max(strength.max(), 1e-12), 0, 1)
    heat = cv2.applyColorMap((255 * strength).astype(np.uint8), cv2.COLORMAP_INFERNO)
    under = cv2.addWeighted(plain, 0.5, heat, 0.5, 0)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    if not cv2.imwrite(str(path), np.hstack([plain, under])):
        raise OSError(f"{path} cannot be written")
