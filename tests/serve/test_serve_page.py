"""The page in headless Chromium: uploads, camera, samples and messages."""

from urllib.parse import urlsplit

import numpy as np
import pytest
from PIL import Image

from tests.helpers.browser import CONTRASTS, browser, needs_chromium
from tests.helpers.predicting import PHOTO, save, write_model
from tests.helpers.serving import packed, predict, serving
from tests.helpers.sketches import scene

pytestmark = needs_chromium
FACES = "return document.querySelectorAll('#faces li').length"
IS_DONE = "return !document.querySelector('.answer.busy')"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A browser whose camera shows PHOTO, and the address of a server."""
    folder = tmp_path_factory.mktemp("page")
    model = write_model(folder / "tiny.onnx")
    (folder / "camera.mjpeg").write_bytes(packed(PHOTO, "JPEG", quality=95) * 10)
    with (
        serving(model, max_bytes=3_000_000) as port,
        browser(folder / "profile", folder / "camera.mjpeg") as window,
    ):
        yield window, f"http://127.0.0.1:{port}/"


@pytest.fixture
def window(page):
    """The page, freshly loaded; at the test's end nothing was blocked, missing or thrown."""
    window, url = page
    window.open(url)
    yield window
    errors = [entry["message"] for entry in window.problems() if entry["level"] == "SEVERE"]
    assert [message for message in errors if "/predict" not in message] == []


def upload(window, path):
    """Chooses a file as a user does, and waits for the answer."""
    window.type("#file", path)
    window.wait(
        "return document.getElementById('status').textContent.startsWith('Nothing') === false"
    )
    window.wait(IS_DONE)


def pixel(window, canvas, x, y):
    """Red, green and blue of a canvas' pixel."""
    script = (
        "return [...document.querySelector(arguments[0]).getContext('2d')"
        ".getImageData(arguments[1], arguments[2], 1, 1).data].slice(0, 3)"
    )
    return window.run(script, canvas, x, y)


def answer_of(page, content):
    """The server's answer to a photo."""
    return predict(urlsplit(page[1]).port, content)[1]


def test_an_uploaded_photo_gets_boxes_bars_and_maps(window, tmp_path):
    save(tmp_path / "a.png")
    upload(window, tmp_path / "a.png")
    assert window.run(FACES) == 2 and window.text("#error") == ""
    assert window.text("#status").startswith("2 faces: ")
    labels = window.run(
        "return [...document.querySelectorAll('#faces li:first-child dt')].map(e => e.textContent)"
    )
    assert labels == ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"]
    shares = window.run(
        "return [...document.querySelectorAll('#faces li:first-child .bar div')]"
        ".map(e => e.offsetWidth / e.parentElement.offsetWidth)"
    )
    assert sum(shares) == pytest.approx(1, abs=0.03) and len(shares) == 7
    drawn = window.run(
        "const c = document.getElementById('photo');"
        "return [c.width, c.height, [...c.getContext('2d').getImageData(0, 0, c.width, c.height)"
        ".data].filter((v, i, all) => i % 4 === 0 && v === 255 && all[i + 1] === 212).length]"
    )
    assert drawn[:2] == [640, 520] and drawn[2] > 2000
    assert "faces" in window.run("return document.getElementById('photo').ariaLabel")


def test_the_map_can_be_taken_off_the_face(window, tmp_path):
    save(tmp_path / "a.png")
    upload(window, tmp_path / "a.png")
    is_gray = (
        "const c = document.getElementById('face-0');"
        "const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        "return d.every((v, i) => i % 4 === 3 || v === d[i - i % 4])"
    )
    assert window.run(is_gray) is False
    window.click("#show-map")
    assert window.run(is_gray) is True


# Gray levels in the corners of a photo, by (x, y): no two are alike, so each turn moves them.
CORNERS = {(12, 12): 20, (627, 12): 90, (12, 507): 170, (627, 507): 240}


def test_a_photo_taken_sideways_is_shown_upright(window, page, tmp_path):
    marked = PHOTO.copy()
    for (x, y), level in CORNERS.items():
        marked[max(y - 12, 0) : y + 13, max(x - 12, 0) : x + 13] = level
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = packed(np.rot90(marked), "JPEG", quality=95, exif=exif)
    (tmp_path / "a.jpg").write_bytes(turned)
    upload(window, tmp_path / "a.jpg")
    assert window.run(FACES) == 2 and window.text("#unseen") == ""
    for face in answer_of(page, turned)["faces"]:  # boxes and their labels leave the corners free
        box = face["box"]
        assert min(box["left"], box["top"]) > 60 and box["right"] < 560 and box["bottom"] < 480
    for (x, y), level in CORNERS.items():
        red, green, blue = pixel(window, "#photo", x, y)
        assert red == green == blue and abs(red - level) < 12


def test_no_face_is_said_kindly(window, tmp_path):
    save(tmp_path / "a.png", scene(0, 200))
    upload(window, tmp_path / "a.png")
    assert window.text("#status").startswith("No face was found in this photo.")
    assert window.run(FACES) == 0 and window.text("#error") == ""


@pytest.mark.parametrize(
    "content, reason",
    [
        (b"hello", "The file is not an image"),
        (packed(PHOTO)[:9000], "The file is cut off or damaged"),
        (b"x" * 3_000_001, "The file has more than the 3,000,000 bytes allowed."),
    ],
    ids=["text", "cut off", "too large"],
)
def test_a_bad_file_is_one_clear_line_and_the_page_goes_on(window, tmp_path, content, reason):
    (tmp_path / "a.png").write_bytes(content)
    upload(window, tmp_path / "a.png")
    assert window.text("#error").startswith(reason) and "\n" not in window.text("#error")
    save(tmp_path / "b.png")
    window.type("#file", tmp_path / "b.png")
    assert window.wait(FACES) == 2 and window.text("#error") == ""


def test_a_kind_that_the_browser_cannot_show_is_answered_all_the_same(window, tmp_path):
    save(tmp_path / "a.tiff")
    upload(window, tmp_path / "a.tiff")
    assert window.run(FACES) == 2 and "cannot show" in window.text("#unseen")
    assert pixel(window, "#photo", 5, 5) == [128, 128, 128]


def test_a_sample_is_a_click_or_a_key_away(window):
    window.click("#samples button:nth-child(4)")
    assert window.wait(FACES) == 1
    window.click("#samples button:nth-child(8)")
    window.wait("return document.getElementById('status').textContent.startsWith('No face')")
    window.type("#samples button:nth-child(1)", "\n")
    assert window.wait(FACES) == 1


def test_the_camera_takes_a_photo_and_goes_off(window):
    window.click("#camera")
    window.wait("return document.getElementById('video').videoWidth === 640")
    window.click("#shoot")
    assert window.wait(FACES) == 2
    window.click("#stop")
    assert window.run("return document.getElementById('video').srcObject") is None


def test_a_photo_dropped_beside_the_frame_is_taken_and_does_not_replace_the_page(window):
    window.run(
        "const data = new DataTransfer();"
        "return fetch('/samples/happy.png').then(r => r.blob()).then(blob => {"
        "data.items.add(new File([blob], 'a.png'));"
        "document.body.dispatchEvent(new DragEvent('drop',"
        " {dataTransfer: data, bubbles: true, cancelable: true}))})"
    )
    assert window.wait(FACES) == 1


def test_everything_that_can_be_used_has_a_name_and_is_reached_by_the_tabulator(window):
    unnamed = (
        "return [...document.querySelectorAll('button, input, img, video, canvas')].filter(e =>"
        "!(e.textContent.trim() || e.alt || e.ariaLabel || e.labels?.length || e.querySelector?.("
        "'img[alt]') || e.closest('[hidden]'))).length"
    )
    assert window.run(unnamed) == 0
    assert window.run("return document.querySelectorAll('[tabindex=\"-1\"]').length") == 0
    window.type("body", "\ue004")
    assert window.run("return document.activeElement.id") == "file"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_in_light_and_dark(window, scheme):
    window.devtools(
        "Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}]
    )
    window.click("#samples button:nth-child(4)")
    window.wait(FACES)
    ratios = window.run(CONTRASTS)
    assert len(ratios) > 30 and min(ratios) >= 4.5


def test_the_page_asks_nothing_of_another_host(page):
    window, url = page
    window.open(url)
    window.click("#samples button:nth-child(4)")
    window.wait(FACES)
    asked = window.run("return performance.getEntriesByType('resource').map(entry => entry.name)")
    assert f"{url}predict?explain=1" in asked and f"{url}page.css" in asked
    assert all(name.startswith((url, "data:", "blob:")) for name in asked)
