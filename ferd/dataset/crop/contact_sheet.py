"""Draws a sheet of small images. It shows dataset images, so DVC stores it and git does not."""

import cv2
import numpy as np


def contact_sheet(rows, zoom=2, gap=4):
    """Arranges images of one size in a grid with white gaps.

    Args:
        rows: List of lists of uint8 images, each `(size, size)`; short rows are filled with white.
        zoom: Magnification, a whole number.
        gap: White pixels between images.

    Returns:
        uint8 sheet, shape `(height, width)`; one white pixel where there is no image.
    """
    columns = max((len(row) for row in rows), default=0)
    if columns == 0:
        return np.full((1, 1), 255, np.uint8)
    size = next(image.shape[0] for row in rows for image in row) * zoom
    sheet = np.full((len(rows) * (size + gap) + gap, columns * (size + gap) + gap), 255, np.uint8)
    for y, row in enumerate(rows):
        for x, image in enumerate(row):
            top, left = gap + y * (size + gap), gap + x * (size + gap)
            big = cv2.resize(image, (size, size), interpolation=cv2.INTER_NEAREST)
            sheet[top : top + size, left : left + size] = big
    return sheet
