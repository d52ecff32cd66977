"""The parameters of a drawn face: its seven expressions and its random variation.

Lengths are in half head widths, from the point between the eyes, x to the right and y down.
"""

from typing import NamedTuple


class Expression(NamedTuple):
    """The parameters of an expression; the last three are strengths, about 0 to 1."""

    brow_lift: float = 0.0
    brow_inner: float = 0.02  # the inner end above the outer one; below it if negative
    brow_gap: float = 0.17  # from the middle to a brow's inner end
    eye_open: float = 0.085
    mouth_width: float = 0.34
    mouth_open: float = 0.0
    mouth_curve: float = 0.0  # the corners above the middle; below it if negative
    lip: float = 0.065
    lip_raise: float = 0.0
    teeth: float = 0.0
    wrinkle: float = 0.0
    cheek: float = 0.0


NEUTRAL = Expression()
EXPRESSIONS = {
    "angry": Expression(
        -0.08, -0.20, 0.09, 0.065, mouth_width=0.30, mouth_curve=-0.05, lip=0.03, wrinkle=0.4
    ),
    "disgust": Expression(
        -0.07, -0.06, 0.13, 0.04, 0.32, 0.05, -0.08, lip_raise=0.11, teeth=0.6, wrinkle=1, cheek=0.7
    ),
    "fear": Expression(0.12, 0.10, 0.08, 0.14, 0.42, 0.11, -0.06, lip=0.05, teeth=0.5),
    "happy": Expression(0.02, 0.0, 0.18, 0.06, 0.48, 0.12, 0.16, lip=0.05, teeth=1, cheek=1),
    "neutral": NEUTRAL,
    "sad": Expression(0.01, 0.17, 0.14, 0.06, 0.30, mouth_curve=-0.13, lip=0.06),
    "surprise": Expression(0.20, 0.03, 0.19, 0.15, 0.21, 0.23, 0.0, lip=0.06),
}
SCATTER = Expression(0.03, 0.04, 0.02, 0.014, 0.03, 0.012, 0.03, 0.01, 0.012, 0.1, 0.08, 0.1)
LOWEST = Expression(-1, -1, 0.03, 0.03, 0.1, 0, -1, 0.02, 0, 0, 0, 0)

# Ranges of what varies between faces and does not belong to the expression.
LOOK = {
    # gray levels; light: added at the picture's right and lower border, taken at the others
    **{"skin": (130, 195), "background": (30, 210), "hair": (20, 90), "grain": (1, 6)},
    **{"light_across": (-22, 22), "light_down": (-16, 16), "brightness": (-25, 20)},
    # half head widths
    **{"hair_middle": (-0.45, 0.15), "hairline": (0.65, 0.9), "face_length": (1.30, 1.46)},
    **{"brow_thickness": (0.05, 0.09)},
    # fractions of the picture's side
    **{"half_width": (0.23, 0.42), "centre_x": (0.46, 0.54), "centre_y": (0.46, 0.54)},
    **{"blur": (0.004, 0.014)},
    "roll": (-7, 7),  # degrees
    "contrast": (0.7, 1.15),
}
