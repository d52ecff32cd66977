"""ferd.report.web.page_pictures: pictures are embedded in the page and have alternative texts."""

import base64
import re

import cv2
import numpy as np

from ferd.report.web.page_pictures import face, figure

PIXELS = np.random.default_rng(0).integers(0, 256, (6, 5), dtype=np.uint8)


def picture_of(html):
    content = re.search(r"data:image/png;base64,([^\"]+)", html)[1]
    return cv2.imdecode(np.frombuffer(base64.b64decode(content), "uint8"), cv2.IMREAD_UNCHANGED)


def test_a_face_keeps_every_pixel():
    assert (picture_of(face(PIXELS, "0.9", "a face")) == PIXELS).all()


def test_a_figure_holds_the_file_and_its_description(tmp_path):
    cv2.imwrite(str(tmp_path / "a.png"), PIXELS)
    html = figure(tmp_path / "a.png", "Fig. 1", "noise")
    assert (picture_of(html) == PIXELS).all()
    assert 'alt="noise"' in html and "<figcaption>Fig. 1</figcaption>" in html


def test_text_cannot_break_out_of_its_place():
    html = face(PIXELS, "<b>", '"><script>')
    assert "<b>" not in html and "<script>" not in html
