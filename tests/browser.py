"""A headless Chromium, driven through chromedriver by the W3C WebDriver protocol."""

import base64
import contextlib
import json
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the protocol's key of an element's id
QUIET = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync
--disable-background-networking --disable-component-update --use-fake-ui-for-media-stream
--use-fake-device-for-media-stream --window-size=1200,1000"""
# WCAG's contrast of every text on the page with what is behind it.
CONTRASTS = """
const light = (colour) => {
  const parts = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255);
  const linear = parts.map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
};
const ground = (element) => {
  const colour = getComputedStyle(element).backgroundColor;
  return colour === "rgba(0, 0, 0, 0)" ? ground(element.parentElement) : colour;
};
const texts = document.querySelectorAll("h1, h2, p, .button, button, small, dt, dd, span");
return [...texts].map((e) => {
  const pair = [light(getComputedStyle(e).color), light(ground(e))].sort((a, b) => b - a);
  return (pair[0] + 0.05) / (pair[1] + 0.05);
})
"""


class Browser:
    """One browser window.

    Args:
        address: Of chromedriver's session, `http://127.0.0.1:PORT/session/ID`.
    """

    def __init__(self, address):
        self.address = address

    def open(self, url):
        _call("POST", f"{self.address}/url", {"url": url})

    def run(self, script, *arguments):
        """What a script's `return` gives."""
        return _call(
            "POST", f"{self.address}/execute/sync", {"script": script, "args": list(arguments)}
        )

    def wait(self, script, seconds=30):
        """Waits until the script gives something true, and returns it."""
        end = time.monotonic() + seconds
        while not (value := self.run(script)):
            assert time.monotonic() < end, f"{script} stayed {value!r}; {self.problems()}"
            time.sleep(0.05)
        return value

    def find(self, selector):
        """The address of the element that a CSS selector names."""
        words = {"using": "css selector", "value": selector}
        return f"{self.address}/element/{_call('POST', f'{self.address}/element', words)[ELEMENT]}"

    def click(self, selector):
        _call("POST", f"{self.find(selector)}/click", {})

    def type(self, selector, text):
        """Types into an element; into a file input, the path of a file."""
        _call("POST", f"{self.find(selector)}/value", {"text": str(text)})

    def text(self, selector):
        """The text that an element shows; empty where it is hidden."""
        return _call("GET", f"{self.find(selector)}/text")

    def problems(self):
        """Messages of the console, where Chromium reports errors and what a policy blocked."""
        return _call("POST", f"{self.address}/se/log", {"type": "browser"})

    def devtools(self, command, **parameters):
        """Sends a command of Chromium's own protocol."""
        _call("POST", f"{self.address}/goog/cdp/execute", {"cmd": command, "params": parameters})

    def screenshot(self):
        """What the window shows, a PNG file's bytes."""
        return base64.b64decode(_call("GET", f"{self.address}/screenshot"))


@contextlib.contextmanager
def browser(folder, camera=None):
    """Starts chromedriver and a Chromium with an empty profile in `folder`.

    Args:
        folder: An empty folder.
        camera: A motion-JPEG file that the camera shows, over and over.

    Yields:
        A `Browser`.
    """
    words = [*QUIET.split(), f"--user-data-dir={folder}"]
    if camera:
        words.append(f"--use-file-for-fake-video-capture={camera}")
    wanted = {
        "goog:chromeOptions": {"binary": CHROMIUM, "args": words},
        "goog:loggingPrefs": {"browser": "ALL"},
    }
    with subprocess.Popen([DRIVER, "--port=0"], stdout=subprocess.PIPE, text=True) as driver:
        try:
            port = next(
                filter(None, (re.search(r"on port (\d+)\.", line) for line in driver.stdout))
            )
            sessions = f"http://127.0.0.1:{port[1]}/session"
            session = _call("POST", sessions, {"capabilities": {"alwaysMatch": wanted}})
            yield Browser(f"{sessions}/{session['sessionId']}")
            _call("DELETE", f"{sessions}/{session['sessionId']}")
        finally:
            driver.terminate()


def _call(method, url, body=None):
    content = None if body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(url, content, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]
    except urllib.error.HTTPError as error:
        raise AssertionError(json.load(error)["value"]["message"]) from error
